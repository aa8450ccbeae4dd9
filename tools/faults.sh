#!/usr/bin/env bash
set -euo pipefail
cd "$(dirname "$0")/.."

# Usage: tools/faults.sh [options of pytest]
# Runs the long forms of the fault suite, prints the table and writes it to docs/faults.md. As root also the full disk.

if command -v apt-get >/dev/null; then
    tools/debian.sh mosquitto mosquitto-clients || true
fi
tools/setup.sh dev
tools/timescale.sh || true
export DIGITALPFAD_TEST_FAULTS_REPORT="${DIGITALPFAD_TEST_FAULTS_REPORT-docs/faults.md}"
exec .venv/bin/pytest tests/faults -m "long or not long" "$@"
