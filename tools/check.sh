#!/usr/bin/env bash
set -euo pipefail
cd "$(dirname "$0")/.."

# Runs every check, shows the output of those that fail, and fails when one did.

tools/setup.sh dev
failed=0
check() {
    local output
    output="$(PYTHONPATH=.:firmware-sim "$@" 2>&1)" && return
    failed=1
    printf '%s failed:\n%s\n' "$*" "$output" >&2
}

bin=.venv/bin
check $bin/ruff format --check .
check $bin/ruff check .
check $bin/basedpyright
check $bin/lint-imports
check $bin/deptry .
exit $failed
