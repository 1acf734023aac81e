#!/usr/bin/env bash
# A release of 1,000 sessions, each of which has moved, with 400 speakers who can be written to: the whole
# command, from start to end of the process, with everything that the release leaves to be sent. The
# yardstick is a command of the same program that only opens the database.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
need python3

build
rounds=${BENCH_ROUNDS:-5}
database="sqlite://$work/release.db"
rm -f "$work"/release.db*
plenary_with "$database" import "$work/programme.xml" --create-event summit --timezone Asia/Shanghai >/dev/null

export BENCH_DB="$work/release.db"
python3 - <<'PY'
import os, sqlite3
db = sqlite3.connect(os.environ["BENCH_DB"])
db.execute("UPDATE sessions SET state = 'accepted'")
db.execute("UPDATE speakers SET email = code || '@example.org'")
db.commit()
PY

shift_slots() {
    python3 - <<'PY'
import datetime, os, sqlite3
db = sqlite3.connect(os.environ["BENCH_DB"])
def later(text):
    return (datetime.datetime.fromisoformat(text) + datetime.timedelta(minutes=5)).isoformat(sep=" " if " " in text else "T", timespec="microseconds")
rows = db.execute("SELECT id, starts_at, ends_at FROM slots").fetchall()
db.executemany("UPDATE slots SET starts_at = ?, ends_at = ? WHERE id = ?", [(later(start), later(end), id) for id, start, end in rows])
db.commit()
PY
}

# milliseconds COMMAND…
milliseconds() {
    local start end
    start=$(date +%s%N)
    "$@" >/dev/null 2>&1
    end=$(date +%s%N)
    echo $(((end - start) / 1000000))
}

first=$(milliseconds plenary_with "$database" release summit)
echo "the first release:          $first ms"
for round in $(seq 1 "$rounds"); do
    shift_slots
    opened=$(milliseconds plenary_with "$database" migrate)
    took=$(milliseconds plenary_with "$database" release summit)
    echo "a release that moves all:   $took ms (opening the database alone: $opened ms)"
done
python3 - <<'PY'
import os, sqlite3
db = sqlite3.connect(os.environ["BENCH_DB"])
count = lambda sql: db.execute(sql).fetchone()[0]
print("sessions:", count("SELECT count(*) FROM sessions"), "· releases:", count("SELECT count(*) FROM releases"),
      "· notices waiting:", count("SELECT count(*) FROM change_notices WHERE state = 'waiting'"))
PY
