#!/usr/bin/env bash
# Runs a command with DATABASE_URL on a throw-away PostgreSQL (unix socket only, nothing synced):
#   tests/with_postgres.sh python -m pytest -m "not browser"
set -euo pipefail

initdb=$(command -v initdb || find /usr/lib/postgresql -path '*/bin/initdb' 2>/dev/null | sort -V | tail -n 1)
[ -n "$initdb" ] || { echo "没有找到 PostgreSQL 的 initdb，请先安装 postgresql。" >&2; exit 1; }
bin=$(dirname "$initdb")
# /tmp rather than TMPDIR: the path of a unix socket may not exceed 107 characters.
dir=$(mktemp -d /tmp/zhushan-pg.XXXXXX)

# PostgreSQL refuses to run as root, so root hands the folder to the package's own account.
as_owner() { "$@"; }
if [ "$(id -u)" = 0 ]; then
  chown postgres "$dir"
  as_owner() { (cd "$dir" && runuser -u postgres -- "$@"); }
fi
stop() { as_owner "$bin/pg_ctl" -D "$dir/data" -m immediate stop >/dev/null 2>&1 || true; rm -rf "$dir"; }
trap stop EXIT
trap 'exit 130' INT TERM

as_owner "$bin/initdb" --no-sync -A trust -U postgres -E UTF8 --locale=C.UTF-8 -D "$dir/data" >"$dir.log" 2>&1 \
  || { cat "$dir.log" >&2; rm -f "$dir.log"; exit 1; }
rm -f "$dir.log"
as_owner "$bin/pg_ctl" -D "$dir/data" -w -s -l "$dir/log" start \
  -o "-c listen_addresses='' -c unix_socket_directories=$dir -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=60"

DATABASE_URL="postgres://postgres@${dir//\//%2F}/zhushan" "$@"
