#!/usr/bin/env bash
set -euo pipefail
cd "$(dirname "$0")/.."

# Usage: tools/test.sh [options of pytest]
# What cannot be installed here is skipped by the tests with a sentence, or fails them where CI=true.

tools/setup.sh dev
tools/setup.sh docs
tools/debian.sh $(.venv/bin/python tools/programs.py test) || true
tools/timescale.sh || true
tools/mermaid.sh || true
# Three for two processors: the tests of faults mostly wait. tests/fixtures/run/order.py puts the files in order.
exec .venv/bin/pytest --numprocesses=3 --dist=loadfile --no-loadscope-reorder "$@"
