#!/usr/bin/env bash
# The page of numbers and the overview with BENCH_REGISTRATIONS (100,000) registrations and half as many scans, from
# request to whole answer over one connection, on SQLite and on Postgres.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
need curl python3 psql

build

# measure NAME DATABASE_URL
measure() {
    local port
    port=$(free_port)
    echo "several unrelated words" | plenary_with "$2" user create bench@example.org --name Bench --admin --password-stdin >/dev/null
    serve "$2" "$port" PLENARY_MAIL__TRANSPORT=log
    python3 "$here/numbers.py" measure "$1" "127.0.0.1:$port" "several unrelated words"
    stop_server "$server"
}

database="$work/numbers.db"
rm -f "$database"*
plenary_with "sqlite://$database" import "$work/programme.xml" --create-event summit --timezone Asia/Shanghai >/dev/null
python3 "$here/numbers.py" sqlite "$database" "${BENCH_REGISTRATIONS:-100000}"
measure SQLite "sqlite://$database"

start_postgres
export PGHOST=127.0.0.1 PGPORT=$pg_port PGUSER=bench
createdb numbers
url="postgres://bench@127.0.0.1:$pg_port/numbers"
plenary_with "$url" import "$work/programme.xml" --create-event summit --timezone Asia/Shanghai >/dev/null
python3 "$here/numbers.py" postgres numbers "${BENCH_REGISTRATIONS:-100000}"
# As autovacuum does within a minute.
psql -q numbers -c "VACUUM ANALYZE"
measure Postgres "$url"
