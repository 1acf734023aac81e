"""Looks into the outbox of a SQLite database for the mail measurement."""
import datetime, sqlite3, sys, time

path, what = sys.argv[1], sys.argv[2]
db = sqlite3.connect(path, isolation_level=None, timeout=30)
if what == "count":
    print(db.execute("SELECT count(*) FROM messages").fetchone()[0])
elif what == "prepare":
    # Exactly so many are due; how large they are on average tells the yardstick what to send.
    keep = int(sys.argv[3])
    db.execute("UPDATE messages SET state = 'cancelled'")
    now = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%d %H:%M:%S")
    db.execute(
        "UPDATE messages SET state = 'queued', attempts = 0, due_at = ?, lease_id = NULL, lease_until = NULL "
        "WHERE id IN (SELECT id FROM messages ORDER BY id LIMIT ?)", (now, keep))
    print(int(db.execute(
        "SELECT avg(length(body_text) + length(body_html) + length(attachments) + 800) FROM messages WHERE state = 'queued'").fetchone()[0]))
elif what == "wait":
    # From the first outcome to the last, by the recorded times.
    count, limit = int(sys.argv[3]), time.monotonic() + 300
    while db.execute("SELECT count(*) FROM messages WHERE state = 'sent'").fetchone()[0] < count:
        if time.monotonic() > limit:
            sys.exit("the outbox did not empty in time")
        time.sleep(0.2)
    first, last, sent = db.execute(
        "SELECT (julianday(min(at)) - 2440587.5) * 86400.0, (julianday(max(at)) - 2440587.5) * 86400.0, count(*) FROM message_attempts WHERE outcome = 'sent'").fetchone()
    print(sent / max(last - first, 0.001))
