# Shared by the measurements: a work folder, servers that stop with the script, and the report.
# Everything runs on loopback; every number is taken beside its yardstick in the same run.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(dirname "$here")
work=${BENCH_WORK:-$here/work}
plenary=${BENCH_PLENARY:-$root/target/release/plenary}
seconds=${BENCH_SECONDS:-8}
mkdir -p "$work"

pids=()
stop_all() {
    local pid
    for pid in "${pids[@]:-}"; do
        [ -n "$pid" ] && kill "$pid" 2>/dev/null || true
    done
    for pid in "${pids[@]:-}"; do
        [ -n "$pid" ] && wait "$pid" 2>/dev/null || true
    done
    [ -d "$work/cluster" ] && stop_postgres || true
}
trap stop_all EXIT

need() {
    local tool
    for tool in "$@"; do
        command -v "$tool" >/dev/null 2>&1 || [ -x "/usr/sbin/$tool" ] || { echo "bench: please install $tool" >&2; exit 1; }
    done
}

free_port() {
    python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

# The release build (or the program that BENCH_PLENARY names), and a made-up programme to serve.
build() {
    [ -n "${BENCH_PLENARY:-}" ] || (cd "$root" && cargo build --release --quiet)
    python3 "$here/make_programme.py" "$work/programme.xml"
}

# wait_for URL: until it answers, at most 30 s.
wait_for() {
    local try
    for try in $(seq 1 300); do
        curl -fsS -o /dev/null "$1" 2>/dev/null && return 0
        python3 -c 'import time; time.sleep(0.1)'
    done
    echo "bench: $1 does not answer" >&2
    return 1
}

# serve DATABASE_URL PORT [NAME=VALUE…]: starts Plenary; its pid is in $server.
serve() {
    local url=$1 port=$2
    shift 2
    env PLENARY_DATABASE__URL="$url" PLENARY_HTTP__BIND="127.0.0.1:$port" PLENARY_LOG__LEVEL=error \
        PLENARY_LIMITS__REGISTRATIONS_PER_MINUTE=0 PLENARY_FILES__URL="$work/files" "$@" \
        "$plenary" serve >"$work/serve.log" 2>&1 &
    server=$!
    pids+=("$server")
    wait_for "http://127.0.0.1:$port/readyz"
}

stop_server() {
    kill "$1" 2>/dev/null || true
    wait "$1" 2>/dev/null || true
}

# plenary_with DATABASE_URL ARGUMENTS…
plenary_with() {
    local url=$1
    shift
    PLENARY_DATABASE__URL="$url" PLENARY_LOG__LEVEL=error PLENARY_FILES__URL="$work/files" "$plenary" "$@"
}

postgres_bin() {
    ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1
}

as_postgres() {
    if [ "$(id -u)" = 0 ]; then runuser -u postgres -- "$@"; else "$@"; fi
}

# A throw-away cluster with default durability; sets $pg_port.
start_postgres() {
    local bin
    bin=$(postgres_bin)
    rm -rf "$work/cluster"
    mkdir -p "$work/cluster"
    if [ "$(id -u)" = 0 ]; then
        chown postgres "$work/cluster"
        # The server's user must be able to reach its folder.
        local folder=$work
        while [ "$folder" != / ]; do chmod o+x "$folder"; folder=$(dirname "$folder"); done
    fi
    as_postgres "$bin/initdb" -D "$work/cluster/data" -U bench --auth=trust >"$work/initdb.log"
    pg_port=$(free_port)
    as_postgres "$bin/pg_ctl" -D "$work/cluster/data" -w -l "$work/cluster/log" \
        -o "-p $pg_port -c listen_addresses=127.0.0.1 -c unix_socket_directories=$work/cluster -c max_connections=120 -c shared_buffers=256MB" start >/dev/null
}

stop_postgres() {
    as_postgres "$(postgres_bin)/pg_ctl" -D "$work/cluster/data" -m immediate stop >/dev/null 2>&1 || true
    rm -rf "$work/cluster"
}

# ratio NAME OURS YARDSTICK TARGET: one line of the report.
ratio() {
    python3 - "$@" <<'PY'
import sys
name, ours, yardstick, target = sys.argv[1], float(sys.argv[2]), float(sys.argv[3]), float(sys.argv[4])
value = ours / yardstick if yardstick else 0
print(f"{name}: {ours:,.0f} against {yardstick:,.0f} a second, ratio {value:.2f} (wanted {target}) {'ok' if value >= target else 'BELOW'}")
PY
}
