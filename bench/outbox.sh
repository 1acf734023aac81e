#!/usr/bin/env bash
# The outbox with BENCH_MESSAGES (1,000,000) messages to a tenth as many people, from request to whole answer over one
# connection, on SQLite and on Postgres. BENCH_DATABASES chooses one of them.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
need curl python3 psql

build
count=${BENCH_MESSAGES:-1000000}
databases=${BENCH_DATABASES:-sqlite postgres}

# measure NAME DATABASE_URL
measure() {
    local port
    port=$(free_port)
    echo "several unrelated words" | plenary_with "$2" user create bench@example.org --name Bench --admin --password-stdin >/dev/null
    serve "$2" "$port" PLENARY_MAIL__TRANSPORT=log PLENARY_MAIL__PER_MINUTE=1
    python3 "$here/outbox_lists.py" measure "$1" "127.0.0.1:$port" "several unrelated words" "$work/outbox.json"
    stop_server "$server"
}

if [[ $databases == *sqlite* ]]; then
    database="$work/outbox.db"
    rm -f "$database"*
    plenary_with "sqlite://$database" import "$work/programme.xml" --create-event summit --timezone Asia/Shanghai >/dev/null
    python3 "$here/outbox_lists.py" sqlite "$database" "$count" "$work/outbox.json"
    measure SQLite "sqlite://$database"
    rm -f "$database"*
fi

if [[ $databases == *postgres* ]]; then
    start_postgres
    export PGHOST=127.0.0.1 PGPORT=$pg_port PGUSER=bench
    createdb outbox
    url="postgres://bench@127.0.0.1:$pg_port/outbox"
    plenary_with "$url" import "$work/programme.xml" --create-event summit --timezone Asia/Shanghai >/dev/null
    python3 "$here/outbox_lists.py" postgres outbox "$count" "$work/outbox.json"
    # As autovacuum does within minutes.
    psql -q outbox -c "VACUUM ANALYZE"
    measure Postgres "$url"
fi
