#!/usr/bin/env bash
# The draft's editor with 1,000 sessions: how long a move takes from request to answer, and what
# 1,000 open streams cost and how soon the last of them hears of an edit. BENCH_STREAMS sets how many.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
need curl

build
port=$(free_port)
database="sqlite://$work/editor.db"
rm -f "$work"/editor.db*
plenary_with "$database" import "$work/programme.xml" --create-event summit --timezone Asia/Shanghai >/dev/null
password="several unrelated words"
printf '%s\n' "$password" | plenary_with "$database" user create bench@example.org --name Bench --admin --password-stdin >/dev/null
serve "$database" "$port" PLENARY_MAIL__TRANSPORT=log PLENARY_LIMITS__SIGNINS_PER_MINUTE=0
python3 "$here/editor.py" "http://127.0.0.1:$port" "$server" "$password" "${BENCH_STREAMS:-1000}"
