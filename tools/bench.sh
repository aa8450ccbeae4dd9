#!/usr/bin/env bash
set -euo pipefail
cd "$(dirname "$0")/.."

# Usage: tools/bench.sh [--short] [--docs] [subject …]
# Measures, prints the table and keeps the figures in build/benchmarks.json; --docs also writes docs/performance.md.
# Use a machine with nothing else to do. What cannot be installed here is a line of the table that says so.

if command -v apt-get >/dev/null; then
    tools/debian.sh mosquitto mosquitto-clients postgresql-client wrk || true
fi
tools/setup.sh dev
tools/timescale.sh || true
PYTHONPATH=.:firmware-sim exec .venv/bin/python -m benchmarks --json build/benchmarks.json "$@"
