#!/usr/bin/env bash
# Scans at the door: BENCH_DEVICES devices (20), each scanning BENCH_RATE tickets a second (10) over a
# connection of its own, for BENCH_SECONDS. From request to answer; half of the tickets come twice.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
need openssl curl python3

build
port=$(free_port)
database="$work/checkin.db"
rm -f "$database"*
plenary_with "sqlite://$database" import "$work/programme.xml" --create-event summit --timezone Asia/Shanghai >/dev/null
python3 "$here/checkin.py" prepare "$database" "$work/tickets.json" "${BENCH_DEVICES:-20}" "${BENCH_RATE:-10}" "$seconds"
serve "sqlite://$database" "$port" PLENARY_MAIL__TRANSPORT=log
python3 "$here/checkin.py" scan "127.0.0.1:$port" "$work/tickets.json" "${BENCH_RATE:-10}" "$seconds"
