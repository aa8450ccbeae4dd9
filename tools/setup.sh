#!/usr/bin/env bash
set -euo pipefail
cd "$(dirname "$0")/.."

# Usage: tools/setup.sh runtime|dev|docs
# Brings .venv to what requirements/ locks, and does nothing when it is there already.

level="${1:?say runtime, dev or docs}"
venv=.venv

say() { echo "» $*" >&2; }
give_up() { echo "$*" >&2; exit 1; }

# The newest Python that fits. Printed as a path; nothing when there is none.
find_python() {
    local name best="" best_version=0 version
    for name in python3 python3.{11..19}; do
        version="$("$name" -c 'import sys; print(sys.version_info[0] * 1000 + sys.version_info[1])' 2>/dev/null)" || continue
        if ((version >= 3011 && version > best_version)); then
            best="$(command -v "$name")" best_version="$version"
        fi
    done
    echo "$best"
}

# Debian keeps the part of Python that makes environments in a separate package.
ensure_venv_module() {
    "$1" -c 'import ensurepip, venv' 2>/dev/null && return
    local package
    package="$("$1" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')"
    [[ "$(id -u)" == 0 ]] && command -v apt-get >/dev/null ||
        give_up "Python cannot make environments yet. Run 'sudo apt-get install $package', then this again."
    tools/debian.sh "$package"
}

make_venv() {
    local python
    if [[ -x "$venv/bin/python" ]] && "$venv/bin/python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
        return
    fi
    python="$(find_python)"
    [[ -n "$python" ]] ||
        give_up "Python 3.11 or newer is needed, but none is on the PATH. On Debian 12: 'sudo apt-get install python3 python3-venv'."
    say "Making the environment $venv with $("$python" --version) …"
    if command -v uv >/dev/null; then
        uv venv --quiet --clear --no-python-downloads --python "$python" "$venv"
    else
        ensure_venv_module "$python"
        "$python" -m venv --clear "$venv"
    fi
}

install() {
    if command -v uv >/dev/null; then
        uv pip install --quiet --python "$venv/bin/python" "$@"
    else
        "$venv/bin/python" -m pip install --quiet --quiet --disable-pip-version-check "$@"
    fi
}

case "$level" in
    runtime) locks=(requirements/build.txt requirements/runtime.txt) ;;
    dev) locks=(requirements/dev.txt) ;;
    docs) locks=(requirements/docs.txt) ;;
    *) give_up "tools/setup.sh knows 'runtime', 'dev' and 'docs', not '$level'." ;;
esac

make_venv
stamp="$venv/installed-$level"
wanted="$(cat pyproject.toml "${locks[@]}" <("$venv/bin/python" -VV) <(pwd) | sha256sum)"
if [[ -f "$stamp" && "$(<"$stamp")" == "$wanted" ]]; then
    exit 0
fi
say "Installing the locked packages; the first time takes a minute or two …"
install --require-hashes "${locks[@]/#/--requirement=}"
[[ "$level" == docs ]] || install --no-deps --no-build-isolation --editable .
echo "$wanted" >"$stamp"
