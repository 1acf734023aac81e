"""The yardstick for registrations on SQLite: a plain loop of one-row commits on the same disk."""
import os, sqlite3, sys, time

path, seconds = sys.argv[1], float(sys.argv[2])
for leftover in (path, path + "-wal", path + "-shm"):
    if os.path.exists(leftover):
        os.remove(leftover)
db = sqlite3.connect(path, isolation_level=None)
db.execute("PRAGMA journal_mode = WAL")
db.execute("PRAGMA synchronous = FULL")
db.execute("CREATE TABLE rows (id INTEGER PRIMARY KEY, name TEXT NOT NULL, body TEXT NOT NULL)")
body = "x" * 400
count, begun = 0, time.monotonic()
while time.monotonic() - begun < seconds:
    db.execute("INSERT INTO rows (name, body) VALUES (?, ?)", (f"guest {count}", body))
    count += 1
print(count / (time.monotonic() - begun))
