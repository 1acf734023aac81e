"""Starts the program, asks until the first page comes, prints how long that took and the memory then."""
import os, subprocess, sys, time, urllib.request

program, port, path = sys.argv[1:]
environment = dict(os.environ, PLENARY_HTTP__BIND=f"127.0.0.1:{port}")
begun = time.monotonic()
process = subprocess.Popen([program, "serve"], env=environment, stdout=subprocess.DEVNULL)
try:
    while True:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as answer:
                answer.read()
            break
        except OSError:
            if time.monotonic() - begun > 20:
                sys.exit("no answer within 20 seconds")
            time.sleep(0.002)
    took = time.monotonic() - begun
    with open(f"/proc/{process.pid}/status") as status:
        memory = next(int(line.split()[1]) for line in status if line.startswith("VmRSS")) / 1024
    verdict = lambda good: "ok" if good else "ABOVE"
    print(f"start to first answered request: {took:.3f} s (wanted 0.3) {verdict(took <= 0.3)}")
    print(f"memory then: {memory:.0f} MB (wanted 80) {verdict(memory <= 80)}")
finally:
    process.terminate()
    process.wait(timeout=30)
