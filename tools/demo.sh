#!/usr/bin/env bash
set -euo pipefail
cd "$(dirname "$0")/.."

# Usage: tools/demo.sh [options of `digitalpfad up`]
# Ctrl-C and SIGTERM reach the program, which stops everything and ends with 0. `make demo` passes both on and waits for
# that end, but make itself always reports the signal (130 or 143): use this script where the exit code matters.

tools/setup.sh runtime
exec .venv/bin/digitalpfad up --demo "$@"
