#!/usr/bin/env bash
set -euo pipefail
cd "$(dirname "$0")/.."

# Renews requirements/*.txt. dev.txt is solved first and holds the others to its versions, so that all can share .venv.
# UPGRADE=1 takes the newest versions; otherwise only what pyproject.toml asks for changes.

command -v uv >/dev/null || { echo "Locking needs uv: 'pip install uv'." >&2; exit 1; }
lock() {
    local file="requirements/$1.txt"
    shift
    uv pip compile pyproject.toml --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
        --custom-compile-command 'make lock' ${UPGRADE:+--upgrade} --output-file "$file" "$@"
}
lock dev --extra embedded --extra dem --extra signs --group build --group dev
lock runtime --extra embedded --constraints requirements/dev.txt
uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
    --group build --constraints requirements/dev.txt --output-file requirements/build.txt
uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
    --group docs --constraints requirements/dev.txt --output-file requirements/docs.txt
