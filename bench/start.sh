#!/usr/bin/env bash
# From start to the first answered request with 1,000 sessions and 10,000 registrations, and memory then.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
need wrk curl python3

build
port=$(free_port)
database="sqlite://$work/start.db"
rm -f "$work"/start.db*
plenary_with "$database" import "$work/programme.xml" --create-event summit --timezone Asia/Shanghai >/dev/null
plenary_with "$database" release summit >/dev/null
serve "$database" "$port" PLENARY_MAIL__TRANSPORT=log
while [ "$(python3 "$here/outbox.py" "$work/start.db" count)" -lt 10000 ]; do
    wrk -t 2 -c 64 -d 1s -s "$here/registrations.lua" "http://127.0.0.1:$port/summit/register" -- "$RANDOM$RANDOM" >/dev/null
done
stop_server "$server"
env PLENARY_DATABASE__URL="$database" PLENARY_LOG__LEVEL=error PLENARY_FILES__URL="$work/files" \
    python3 "$here/start.py" "$plenary" "$port" "/summit/schedule"
