#!/usr/bin/env bash
# A thousand open pages that are told of changes: what they cost, and how soon each is told of a release
# that another process made.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
need curl python3

build
ulimit -n 8192
port=$(free_port)
database="sqlite://$work/streams.db"
rm -f "$work"/streams.db*
plenary_with "$database" import "$work/programme.xml" --create-event summit --timezone Asia/Shanghai >/dev/null
plenary_with "$database" release summit >/dev/null
serve "$database" "$port" PLENARY_MAIL__TRANSPORT=log PLENARY_LIMITS__STREAMS_PER_ADDRESS=0
export PLENARY_DATABASE__URL=$database PLENARY_LOG__LEVEL=error PLENARY_FILES__URL="$work/files"
python3 "$here/streams.py" "$port" "$server" "${BENCH_STREAMS:-1000}" "$plenary" release summit
