#!/usr/bin/env bash
# The timetable page against nginx serving the same compressed bytes from disk: whole answers and 304s,
# by turns over several rounds, keep-alive, 32 connections. BENCH_PROGRAMME measures another programme
# file than the made-up one; BENCH_ZONE is the zone of its times.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
need wrk curl nginx

build
programme=${BENCH_PROGRAMME:-$work/programme.xml}
port=$(free_port)
database="sqlite://$work/public.db"
rm -f "$work"/public.db*
plenary_with "$database" import "$programme" --create-event summit --timezone "${BENCH_ZONE:-Asia/Shanghai}" >/dev/null
plenary_with "$database" release summit >/dev/null
serve "$database" "$port" PLENARY_MAIL__TRANSPORT=log
page=http://127.0.0.1:$port/summit/schedule

# The same bytes as a file; nginx says the encoding and the type, and makes its own entity tag.
site=$work/nginx
rm -rf "$site"
mkdir -p "$site/www" "$site/tmp"
curl -fsS -H 'Accept-Encoding: br' -H 'Accept-Language: en' -D "$site/head" -o "$site/www/schedule" "$page"
grep -qi '^content-encoding: br' "$site/head" || { echo "bench: the page is not compressed" >&2; exit 1; }
nginx_port=$(free_port)
cat >"$site/nginx.conf" <<CONF
daemon off;
worker_processes $(nproc);
pid $site/nginx.pid;
error_log $site/error.log;
events { worker_connections 1024; }
http {
    access_log off;
    sendfile on;
    tcp_nopush on;
    keepalive_requests 1000000000;
    open_file_cache max=16;
    client_body_temp_path $site/tmp/body;
    proxy_temp_path $site/tmp/proxy;
    fastcgi_temp_path $site/tmp/fastcgi;
    uwsgi_temp_path $site/tmp/uwsgi;
    scgi_temp_path $site/tmp/scgi;
    server {
        listen 127.0.0.1:$nginx_port;
        root $site/www;
        default_type "text/html; charset=utf-8";
        add_header Content-Encoding br;
        add_header Vary "Accept-Encoding, Accept-Language, Cookie";
        add_header Cache-Control "public, no-cache";
    }
}
CONF
[ "$(id -u)" != 0 ] || sed -i '1i user root;' "$site/nginx.conf"
PATH=$PATH:/usr/sbin nginx -e "$site/error.log" -c "$site/nginx.conf" &
pids+=("$!")
file=http://127.0.0.1:$nginx_port/schedule
wait_for "$file"

tag_of() {
    curl -fsS -o /dev/null -D - -H 'Accept-Encoding: br' -H 'Accept-Language: en' "$1" | tr -d '\r' | awk 'tolower($1) == "etag:" { print $2 }'
}

# status URL [HEADER]: what a request like the measured ones is answered.
status() {
    curl -sS -o /dev/null -w '%{http_code}' -H 'Accept-Encoding: br' -H 'Accept-Language: en' ${2:+-H "$2"} "$1"
}

# rate URL [HEADER]: answers a second.
rate() {
    wrk -t 2 -c 32 -d "${round}s" -H 'Accept-Encoding: br' -H 'Accept-Language: en' ${2:+-H "$2"} "$1" |
        awk '/Non-2xx/ { print "wrong answers: " $0 > "/dev/stderr"; exit 1 } /^Requests\/sec/ { print $2 }'
}

middle() { printf '%s\n' "$@" | sort -n | awk '{ all[NR] = $1 } END { print all[int((NR + 1) / 2)] }'; }

# measure NAME OUR_HEADER YARDSTICK_HEADER: the middle of five rounds each, by turns.
measure() {
    local ours=() theirs=() turn
    for turn in 1 2 3 4 5; do
        theirs+=("$(rate "$file" "$3")")
        ours+=("$(rate "$page" "$2")")
    done
    ratio "$1" "$(middle "${ours[@]}")" "$(middle "${theirs[@]}")" 0.7
}

round=$((seconds / 4 > 0 ? seconds / 4 : 1))
echo "timetable page: $(stat -c %s "$site/www/schedule") bytes with brotli"
measure "timetable page, whole, against nginx" "" ""
ours_known="If-None-Match: $(tag_of "$page")"
theirs_known="If-None-Match: $(tag_of "$file")"
[ "$(status "$page" "$ours_known") $(status "$file" "$theirs_known")" = "304 304" ] || { echo "bench: no 304" >&2; exit 1; }
measure "timetable page, 304, against nginx" "$ours_known" "$theirs_known"
