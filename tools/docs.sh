#!/usr/bin/env bash
set -euo pipefail
cd "$(dirname "$0")/.."

# Builds the documentation site into build/docs/site. Nothing is fetched once the locked packages are installed.

tools/setup.sh docs
tools/mermaid.sh
exec .venv/bin/python -m tools.docsite "$@"
