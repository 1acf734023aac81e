#!/usr/bin/env bash
# The registration desk with BENCH_REGISTRATIONS (100,000) registrations in several scripts and some answers, on
# SQLite and on Postgres: pages of the list from request to whole answer over one connection, and the list as a
# file in each format with what the process's memory grows by. Takes about three minutes.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
need curl python3 psql

build

# measure NAME DATABASE_URL
measure() {
    local port
    port=$(free_port)
    echo "several unrelated words" | plenary_with "$2" user create bench@example.org --name Bench --admin --password-stdin >/dev/null
    serve "$2" "$port" PLENARY_MAIL__TRANSPORT=log
    python3 "$here/desk.py" measure "$1" "127.0.0.1:$port" "several unrelated words" "$server" "${BENCH_REGISTRATIONS:-100000}"
    stop_server "$server"
}

database="$work/desk.db"
rm -f "$database"*
plenary_with "sqlite://$database" import "$work/programme.xml" --create-event summit --timezone Asia/Shanghai >/dev/null
python3 "$here/desk.py" sqlite "$database" "${BENCH_REGISTRATIONS:-100000}"
measure SQLite "sqlite://$database"

start_postgres
export PGHOST=127.0.0.1 PGPORT=$pg_port PGUSER=bench
createdb desk
url="postgres://bench@127.0.0.1:$pg_port/desk"
plenary_with "$url" import "$work/programme.xml" --create-event summit --timezone Asia/Shanghai >/dev/null
python3 "$here/desk.py" postgres desk "${BENCH_REGISTRATIONS:-100000}"
# As autovacuum does within a minute.
psql -q desk -c "VACUUM ANALYZE"
measure Postgres "$url"
