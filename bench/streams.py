"""Opens many streams of one event, makes one change, and says what each stream cost and when it was told.

usage: streams.py PORT PID COUNT COMMAND…   (COMMAND makes the change)
"""

import asyncio
import sys
import time

HEARD = b"event: changed"


def resident(pid):
    """Kilobytes of memory that belong to the process alone: its anonymous pages."""
    with open(f"/proc/{pid}/status", encoding="ascii") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("RssAnon"))


async def open_stream(port):
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"GET /summit/live HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n")
    seen = b""
    while HEARD not in seen:
        seen += await asyncio.wait_for(reader.read(4096), 30)
        if not seen.startswith(b"HTTP/1.1 200"):
            raise SystemExit(f"bench: refused: {seen[:80]!r}")
    return reader, writer


async def told(reader):
    seen = b""
    while HEARD not in seen:
        chunk = await reader.read(4096)
        if not chunk:
            raise SystemExit("bench: a stream ended")
        seen += chunk
    return time.monotonic()


async def main(port, pid, count, command):
    # Whatever the first connections set up is no cost of a stream.
    warm = [await open_stream(port) for _ in range(20)]
    for _, writer in warm:
        writer.close()
    await asyncio.sleep(1)
    before = resident(pid)
    streams = []
    for start in range(0, count, 50):
        streams += await asyncio.gather(*(open_stream(port) for _ in range(min(50, count - start))))
    await asyncio.sleep(2)
    cost = resident(pid) - before
    waiting = [asyncio.create_task(told(reader)) for reader, _ in streams]
    change = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.DEVNULL)
    await change.wait()
    # The change is kept at the latest now; whoever was told before that waited for nothing.
    kept = time.monotonic()
    delays = sorted(max(0.0, at - kept) for at in await asyncio.wait_for(asyncio.gather(*waiting), 30))
    for _, writer in streams:
        writer.close()
    print(
        f"{count} open streams: {cost / 1024:.1f} MB, {cost / count:.1f} kB each (wanted 20 MB for 1,000) "
        f"{'ok' if cost / count <= 20.48 else 'ABOVE'}"
    )
    print(
        f"told after a change of another process: half within {delays[count // 2]:.2f} s, all within {delays[-1]:.2f} s "
        f"(wanted 1) {'ok' if delays[-1] <= 1 else 'ABOVE'}"
    )


asyncio.run(main(int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), sys.argv[4:]))
