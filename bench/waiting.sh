#!/usr/bin/env bash
# What the job does when BENCH_PLACES (1,000) places of a category are free and three times as many people wait, on
# SQLite and on Postgres: each gets an offer with its mail and its link. The time is the job's own, from its log line.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
need curl python3 psql

build
places=${BENCH_PLACES:-1000}

# measure NAME DATABASE_URL COUNT_COMMAND…: waits until all offers are there, then reads the log.
measure() {
    local name=$1 url=$2
    shift 2
    serve "$url" "$(free_port)" PLENARY_MAIL__TRANSPORT=log PLENARY_LOG__LEVEL=plenary::jobs=debug
    python3 "$here/waiting.py" measure "$name" "$places" "$work/serve.log" "$@"
    stop_server "$server"
}

database="$work/waiting.db"
rm -f "$database"*
plenary_with "sqlite://$database" import "$work/programme.xml" --create-event summit --timezone Asia/Shanghai >/dev/null
python3 "$here/waiting.py" sqlite "$database" "$places"
measure SQLite "sqlite://$database" sqlite "$database"

start_postgres
export PGHOST=127.0.0.1 PGPORT=$pg_port PGUSER=bench
createdb waiting
url="postgres://bench@127.0.0.1:$pg_port/waiting"
plenary_with "$url" import "$work/programme.xml" --create-event summit --timezone Asia/Shanghai >/dev/null
python3 "$here/waiting.py" postgres waiting "$places"
psql -q waiting -c "VACUUM ANALYZE"
measure Postgres "$url" postgres waiting
