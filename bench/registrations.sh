#!/usr/bin/env bash
# Whole registrations a second by form POST (place, registration, audit entry, rendered mail in the
# outbox) at 64 connections, beside one-row commits on SQLite and beside pgbench on Postgres.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
need wrk strace curl python3 pgbench psql

# Mail stays in the outbox: nothing listens there.
quiet_mail=(PLENARY_MAIL__TRANSPORT=smtp "PLENARY_MAIL__SMTP_URL=smtp://127.0.0.1:9?tls=none")

prepare() { # DATABASE_URL
    plenary_with "$1" import "$work/programme.xml" --create-event summit --timezone Asia/Shanghai >/dev/null
    plenary_with "$1" release summit >/dev/null
}

# storm PORT SECONDS: registrations a second.
storm() {
    wrk -t 2 -c 64 -d "${2}s" --timeout 30s -s "$here/registrations.lua" "http://127.0.0.1:$1/summit/register" -- "$RANDOM$RANDOM" >"$work/storm.txt"
    awk '/^RESULT/ { if ($4 > 0) { print "wrong answers: " $4 > "/dev/stderr"; exit 1 } printf "%.1f\n", $2 / $3 }' "$work/storm.txt"
}

build
port=$(free_port)
database="sqlite://$work/registrations.db"
rm -f "$work"/registrations.db*
prepare "$database"

serve "$database" "$port" "${quiet_mail[@]}"
storm "$port" 2 >/dev/null
ours=$(storm "$port" "$seconds")
stop_server "$server"
loop=$(python3 "$here/commit_loop.py" "$work/loop.db" "$seconds")
ratio "registrations, SQLite, against one-row commits" "$ours" "$loop" 0.5

# The same with 2 ms added to each sync on both sides.
slow=(strace -f -qq --seccomp-bpf -o /dev/null -e trace=fsync,fdatasync -e inject=fsync,fdatasync:delay_exit=2000)
env PLENARY_DATABASE__URL="$database" PLENARY_HTTP__BIND="127.0.0.1:$port" PLENARY_LOG__LEVEL=error \
    PLENARY_LIMITS__REGISTRATIONS_PER_MINUTE=0 PLENARY_FILES__URL="$work/files" "${quiet_mail[@]}" \
    "${slow[@]}" "$plenary" serve >"$work/serve.log" 2>&1 &
tracer=$!
pids+=("$tracer")
wait_for "http://127.0.0.1:$port/readyz"
storm "$port" 2 >/dev/null
ours=$(storm "$port" "$seconds")
# The tracer ends with what it traces.
pkill -TERM -P "$tracer" || true
wait "$tracer" 2>/dev/null || true
loop=$("${slow[@]}" python3 "$here/commit_loop.py" "$work/loop.db" "$seconds")
ratio "registrations, SQLite, 2 ms added to each sync" "$ours" "$loop" 5

start_postgres
export PGHOST=127.0.0.1 PGPORT=$pg_port PGUSER=bench
createdb registrations && createdb yardstick
prepare "postgres://bench@127.0.0.1:$pg_port/registrations"
pgbench -q -i -s 10 yardstick >/dev/null 2>&1
serve "postgres://bench@127.0.0.1:$pg_port/registrations" "$port" "${quiet_mail[@]}"
storm "$port" 2 >/dev/null
# As autovacuum does within a minute, and as pgbench does for itself.
psql -q registrations -c "VACUUM ANALYZE"
ours=$(storm "$port" "$seconds")
stop_server "$server"
tps=$(pgbench -N -c 32 -j 2 -T "$seconds" yardstick 2>/dev/null | awk '/^tps/ { print $3 }')
ratio "registrations, Postgres, against pgbench -N at 32 clients" "$ours" "$tps" 0.3
