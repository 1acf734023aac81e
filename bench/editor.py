"""Moves sessions of a large draft, then lets many streams hear of a move.

editor.py URL PID PASSWORD STREAMS: prints milliseconds of moves, the memory of the streams, and how
long the last of them waited. URL is the server, PID its process; the account is bench@example.org.
"""
import asyncio, http.client, json, random, resource, statistics, sys, time, urllib.parse, uuid

url, pid, password, count = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])
host = urllib.parse.urlsplit(url)
base = "/organizer/summit/schedule"


def memory():
    """Kilobytes of the server that are its own."""
    with open(f"/proc/{pid}/smaps_rollup") as lines:
        return sum(int(line.split()[1]) for line in lines if line.startswith(("Private_Clean", "Private_Dirty")))


def sign_in(connection):
    body = urllib.parse.urlencode({"email": "bench@example.org", "password": password})
    connection.request("POST", "/login", body, {"content-type": "application/x-www-form-urlencoded"})
    answer = connection.getresponse()
    answer.read()
    assert answer.status == 303, answer.status
    return answer.getheader("set-cookie").split(";")[0]


def post(connection, cookie, path, body):
    headers = {"content-type": "application/json", "cookie": cookie}
    started = time.perf_counter()
    connection.request("POST", base + path, json.dumps(body), headers)
    answer = connection.getresponse()
    data = answer.read()
    took = (time.perf_counter() - started) * 1000
    assert answer.status == 200, (answer.status, data[:300])
    return took, json.loads(data), len(data)


def get(connection, cookie, path):
    started = time.perf_counter()
    connection.request("GET", base + path, headers={"cookie": cookie})
    data = connection.getresponse().read()
    return (time.perf_counter() - started) * 1000, data


def one_move(draft, slots, dice):
    slot = slots[dice.randrange(len(slots))]
    # Always elsewhere: a move to where it is changes nothing.
    rooms = [room["id"] for room in draft["rooms"] if room["id"] != slot["room"]]
    to = {"room": dice.choice(rooms), "day": slot["day"], "from": dice.randrange(96, 200) * 5, "minutes": 45}
    moves = [{"slot": slot["id"], "session": slot["session"], "version": slot["version"], "to": to}]
    return {"tab": str(uuid.uuid4()), "kind": "move", "moves": moves}


def share(values, part):
    return sorted(values)[min(len(values) - 1, int(len(values) * part))]


async def listen(cookie, version, heard, ready):
    reader, writer = await asyncio.open_connection(host.hostname, host.port, limit=1 << 20)
    path = f"{base}/events?tab={uuid.uuid4()}&since={version}"
    writer.write(f"GET {path} HTTP/1.1\r\nhost: {host.netloc}\r\ncookie: {cookie}\r\n\r\n".encode())
    try:
        async for line in reader:
            if line.startswith(b"event: presence"):
                ready.release()
            if line.startswith(b"event: edit"):
                heard.append(time.perf_counter())
                return writer
    except asyncio.CancelledError:
        writer.close()


async def open_streams(count, cookie, version, heard):
    tasks, ready = [], asyncio.Semaphore(0)
    for start in range(0, count, 50):
        tasks += [asyncio.create_task(listen(cookie, version, heard, ready)) for _ in range(min(50, count - start))]
        for _ in range(min(50, count - start)):
            await ready.acquire()
    return tasks


async def streams(connection, cookie, draft, slots, dice):
    version = json.loads(get(connection, cookie, "/draft.json?day=all")[1])["version"]
    # What requests at once need, as connections to the database, is no cost of streams.
    for task in await open_streams(100, cookie, version, []):
        task.cancel()
    await asyncio.sleep(1)
    before = memory()
    heard = []
    tasks = await open_streams(count, cookie, version, heard)
    opened = memory()
    loop = asyncio.get_running_loop()
    sent = time.perf_counter()
    await loop.run_in_executor(None, post, connection, cookie, "/moves", one_move(draft, slots, dice))
    writers = await asyncio.wait_for(asyncio.gather(*tasks), 60)
    told = memory()
    delays = [(at - sent) * 1000 for at in heard]
    print(f"{count} streams: {(opened - before) / 1024:.1f} MB open, {(told - before) / 1024:.1f} MB after an edit, "
          f"told after {statistics.median(delays):.0f} ms, the last after {max(delays):.0f} ms")
    for writer in writers:
        writer.close()


def main():
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, max(soft, count + 200)), hard))
    dice = random.Random(7)
    connection = http.client.HTTPConnection(host.hostname, host.port)
    cookie = sign_in(connection)
    first, data = get(connection, cookie, "/draft.json?day=all")
    draft = json.loads(data)
    again = [get(connection, cookie, "/draft.json?day=all")[0] for _ in range(10)]
    print(f"draft.json of {len(draft['sessions'])} sessions, {len(draft['slots'])} slots, {len(draft['rooms'])} rooms "
          f"({len(data) / 1024:.0f} KB): {first:.1f} ms the first time, then {statistics.median(again):.1f} ms")
    slots = draft["slots"]
    took = []
    for _ in range(200):
        milliseconds, done, size = post(connection, cookie, "/moves", one_move(draft, slots, dice))
        took.append(milliseconds)
        for new in done["slots"]:
            slots[:] = [new if slot["id"] == new["id"] else slot for slot in slots]
    print(f"moves: {statistics.median(took):.1f} ms, 95 of 100 within {share(took, 0.95):.1f} ms, slowest {max(took):.1f} ms; "
          f"the last answer of {size / 1024:.0f} KB told of {len(done['concerns'])} concerns")
    asyncio.run(streams(connection, cookie, draft, slots, dice))


main()
