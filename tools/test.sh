#!/usr/bin/env bash
set -euo pipefail
cd "$(dirname "$0")/.."

# Usage: tools/test.sh [options of pytest]
# What cannot be installed here is skipped by the tests with a sentence, or fails them where CI=true.

if command -v apt-get >/dev/null; then
    tools/debian.sh mosquitto mosquitto-clients chromium || true
    tools/debian.sh postgresql-15 || true  # Debian 12's; apart, since others have a newer one
fi
tools/setup.sh dev
tools/timescale.sh || true
exec .venv/bin/pytest --numprocesses=2 --dist=loadfile "$@"
