#!/usr/bin/env bash
# Messages delivered a second over 10 kept connections, all different, each outcome recorded,
# beside Postfix's smtp-source sending to the same smtp-sink over 10 kept sessions.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
need wrk curl python3 smtp-source smtp-sink
export PATH=$PATH:/usr/sbin
count=${BENCH_MAILS:-10000}

build
port=$(free_port) sink=$(free_port)
rm -f "$work"/mail.db*
database="sqlite://$work/mail.db"
plenary_with "$database" import "$work/programme.xml" --create-event summit --timezone Asia/Shanghai >/dev/null
plenary_with "$database" release summit >/dev/null

# Fill the outbox by registering, with nobody taking the mail.
serve "$database" "$port" PLENARY_MAIL__TRANSPORT=smtp "PLENARY_MAIL__SMTP_URL=smtp://127.0.0.1:9?tls=none"
while [ "$(python3 "$here/outbox.py" "$work/mail.db" count)" -lt "$count" ]; do
    wrk -t 2 -c 64 -d 2s -s "$here/registrations.lua" "http://127.0.0.1:$port/summit/register" -- "$RANDOM$RANDOM" >/dev/null
done
stop_server "$server"
bytes=$(python3 "$here/outbox.py" "$work/mail.db" prepare "$count")

# As root it insists on another user.
as_user=()
[ "$(id -u)" = 0 ] && as_user=(-u nobody)
smtp-sink "${as_user[@]}" "127.0.0.1:$sink" 256 >/dev/null 2>&1 &
pids+=("$!")
begun=$(date +%s.%N)
serve "$database" "$port" PLENARY_MAIL__TRANSPORT=smtp "PLENARY_MAIL__SMTP_URL=smtp://127.0.0.1:$sink?tls=none" PLENARY_MAIL__CONNECTIONS=10
ours=$(python3 "$here/outbox.py" "$work/mail.db" wait "$count")
stop_server "$server"

begun=$(date +%s.%N)
smtp-source -d -s 10 -m "$count" -l "$bytes" -f bench@example.org -t guest@example.org "127.0.0.1:$sink"
theirs=$(python3 -c "import time; print($count / (time.time() - $begun))")
ratio "messages delivered, each outcome recorded, against smtp-source" "$ours" "$theirs" 0.2
