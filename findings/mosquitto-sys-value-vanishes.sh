#!/usr/bin/env bash
# mosquitto 2.0.11 (Debian 12), $SYS
#
# One would guess: a value below $SYS is retained, so whoever subscribes later is told how it stands.
# Seen: it is retained for a minute. It is written only when it changes, and a value that stands still longer than 60 s is
# gone: a monitor that asks a quiet broker how many sessions are disconnected hears nothing, not 1.
# All goes over a Unix socket, no port is opened. Takes 80 s.
# Needs Debian 12 (apt-get, dpkg). Exits 0 as long as this is so, 1 when it changed, 2 when it could not be tried.
set -euo pipefail
work="$(mktemp -d)"
broker=
trap 'if [ -n "$broker" ]; then kill "$broker" 2>/dev/null || true; wait "$broker" || true; fi; rm -rf "$work"' EXIT
cd "$work"
apt-get -qq -o APT::Sandbox::User=root download mosquitto=2.0.11-1.2+deb12u2 mosquitto-clients=2.0.11-1.2+deb12u2 \
    libmosquitto1=2.0.11-1.2+deb12u2 libcjson1=1.7.15-1+deb12u4 libdlt2=2.18.8-6 \
    libwrap0=7.6.q-32 libnsl2=1.3.0-2 libtirpc3=1.3.3+ds-1 || exit 2
for package in *.deb; do dpkg -x "$package" . || exit 2; done
LD_LIBRARY_PATH="$(find "$work" -type d -name '*-linux-gnu' | paste -sd:)"
export LD_LIBRARY_PATH

printf 'user root\nlistener 0 %s/socket\nallow_anonymous true\nsys_interval 1\nlog_dest file %s/log\n' "$work" "$work" >broker.conf
usr/sbin/mosquitto -c broker.conf 2>>warnings &
broker=$!
for _ in $(seq 50); do if [ -S socket ]; then break; fi; sleep 0.1; done
usr/sbin/mosquitto -h | sed -n 1p || true
ask() { usr/bin/mosquitto_sub --unix socket -t '$SYS/broker/clients/disconnected' -W 1 2>/dev/null || true; }

usr/bin/mosquitto_sub --unix socket -c -i away -q 1 -t news -E # a session that stays, its client gone
sleep 3
first="$(ask | tail -n 1)"
echo "disconnected sessions, after 3 s:   ${first:-no answer}"
sleep 70
second="$(ask | tail -n 1)"
echo "disconnected sessions, after 73 s:  ${second:-no answer}"

if [ "$first" = 1 ] && [ -z "$second" ]; then
    echo "as before: the retained value is gone though it still holds; one would guess 1 both times"
else
    echo "the behaviour changed"
    exit 1
fi
