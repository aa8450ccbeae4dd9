#!/usr/bin/env bash
set -euo pipefail
cd "$(dirname "$0")/.."

# Usage: tools/faults.sh [options of pytest]
# Runs the long forms of the fault suite and prints the table; as root also the full disk. The whole of it, without
# options, is written to docs/faults.md.

tools/setup.sh dev
tools/debian.sh $(.venv/bin/python tools/programs.py faults) || true
tools/timescale.sh || true
if [ $# -eq 0 ]; then
    export DIGITALPFAD_TEST_FAULTS_REPORT="${DIGITALPFAD_TEST_FAULTS_REPORT-docs/faults.md}"
fi
exec .venv/bin/pytest tests/faults tests/digitalpfad/commands/test_large_files.py tests/docs/test_contributing.py -m "long or not long" "$@"
