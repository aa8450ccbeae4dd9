#!/usr/bin/env bash
set -euo pipefail
cd "$(dirname "$0")/.."

# Usage: tools/bench.sh [--short] [--docs] [subject …]
# Measures, prints the table and keeps the figures in build/benchmarks.json; --docs also writes docs/performance.md.
# Use a machine with nothing else to do. What cannot be installed here is a line of the table that says so.

tools/setup.sh dev
tools/debian.sh $(.venv/bin/python tools/programs.py bench) || true
tools/timescale.sh || true
PYTHONPATH=.:firmware-sim exec .venv/bin/python -m benchmarks --json build/benchmarks.json "$@"
