#!/usr/bin/env bash
set -euo pipefail
cd "$(dirname "$0")/.."

# Usage: tools/debian.sh PACKAGE…
# Installs those Debian packages that are missing, and starts none of the services in them. Which ones tests, benchmarks
# and faults need is written in tools/programs.py. On another system it does nothing.

command -v apt-get >/dev/null || exit 0

missing=()
for package in "$@"; do
    [[ "$(dpkg-query --show --showformat='${db:Status-Status}' "$package" 2>/dev/null)" == installed ]] || missing+=("$package")
done
((${#missing[@]})) || exit 0

if [[ "$(id -u)" == 0 ]]; then
    as_root=()
elif sudo -n true 2>/dev/null; then
    as_root=(sudo -n)
else
    echo "Missing here: ${missing[*]}. Run 'sudo apt-get install ${missing[*]}' to have them." >&2
    exit 1
fi

# While the packages are set up, Debian asks this file whether a service may start: 101 is no.
policy=/usr/sbin/policy-rc.d
if [[ ! -e "$policy" ]]; then
    trap '"${as_root[@]}" rm -f "$policy"' EXIT
    printf '#!/bin/sh\nexit 101\n' | "${as_root[@]}" tee "$policy" >/dev/null
    "${as_root[@]}" chmod 755 "$policy"
fi

echo "» Installing Debian packages: ${missing[*]} …" >&2
apt=("${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get --quiet --quiet --option=Dpkg::Use-Pty=0 --option=DPkg::Lock::Timeout=120)
if ! apt-cache show "${missing[@]}" >/dev/null 2>&1; then
    "${apt[@]}" update
fi
known=() unknown=()  # another release of Debian may lack one: the others come all the same
for package in "${missing[@]}"; do
    if apt-cache show "$package" >/dev/null 2>&1; then known+=("$package"); else unknown+=("$package"); fi
done
install() { "${apt[@]}" install --yes --no-install-recommends "${known[@]}" >/dev/null; }
if ((${#known[@]})); then
    install || { "${apt[@]}" update && install; }
fi

# Nor may one that came only for the tests start with the machine.
if [[ -d /run/systemd/system && " ${missing[*]} " == *" mosquitto "* ]]; then
    "${as_root[@]}" systemctl --quiet disable mosquitto
fi
if [[ -d /run/systemd/system && " ${missing[*]} " == *" caddy "* ]]; then
    "${as_root[@]}" systemctl --quiet disable caddy
fi
if [[ -d /run/systemd/system && " ${missing[*]} " == *" postgresql-15 "* ]]; then
    "${as_root[@]}" systemctl --quiet disable postgresql
fi
if ((${#unknown[@]})); then
    echo "This system's package sources do not have: ${unknown[*]}." >&2
    exit 1
fi
