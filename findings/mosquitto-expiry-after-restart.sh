#!/usr/bin/env bash
# mosquitto 2.0.11 (Debian 12), persistent_client_expiration
#
# One would guess: a persistent session that nobody uses ends after this time, whether or not the broker restarts.
# Seen: it does as long as the broker runs. A session that was read back from the persistence file ends no more, however
# long it stays idle: it still takes messages, and keeps them. (Upstream mended it in 2.0.15; Debian 12 has 2.0.11.)
# The broker's clock is moved with libfaketime; all goes over a Unix socket, no port is opened.
# Needs Debian 12 (apt-get, dpkg). Exits 0 as long as this is so, 1 when it changed, 2 when it could not be tried.
set -euo pipefail
work="$(mktemp -d)"
broker=
stop() { if [ -n "$broker" ]; then kill "$broker" 2>/dev/null || true; wait "$broker" || true; broker=; fi; }
trap 'stop; rm -rf "$work"' EXIT
cd "$work"
apt-get -qq -o APT::Sandbox::User=root download mosquitto=2.0.11-1.2+deb12u2 mosquitto-clients=2.0.11-1.2+deb12u2 \
    libmosquitto1=2.0.11-1.2+deb12u2 libfaketime=0.9.10-2.1 libcjson1=1.7.15-1+deb12u4 libdlt2=2.18.8-6 \
    libwrap0=7.6.q-32 libnsl2=1.3.0-2 libtirpc3=1.3.3+ds-1 || exit 2
for package in *.deb; do dpkg -x "$package" . || exit 2; done
LD_LIBRARY_PATH="$(find "$work" -type d -name '*-linux-gnu' | paste -sd:)"
export LD_LIBRARY_PATH
faketime="$(find "$work" -name libfaketime.so.1)"

cat >broker.conf <<CONF
user root
listener 0 $work/socket
allow_anonymous true
persistence true
persistence_location $work/
persistent_client_expiration 14d
log_dest file $work/log
CONF
clock() { echo "$1" >clock; sleep 3; } # the broker looks for expired sessions every second
start() {
    rm -f socket
    LD_PRELOAD="$faketime" FAKETIME_TIMESTAMP_FILE="$work/clock" FAKETIME_NO_CACHE=1 \
        usr/sbin/mosquitto -c broker.conf 2>>warnings &
    broker=$!
    for _ in $(seq 50); do if [ -S socket ]; then return; fi; sleep 0.1; done
    echo "the broker did not start" >&2
    exit 2
}
subscribe() { usr/bin/mosquitto_sub --unix socket -c -i "$1" -q 1 -t news "${@:2}"; }
session() { # CLIENT_ID: leave a session behind, with a message for it
    subscribe "$1" -E
    usr/bin/mosquitto_pub --unix socket -q 1 -t news -m "for $1"
}

clock +0d
start
usr/sbin/mosquitto -h | sed -n 1p || true
session without-restart
clock +59d
first="$(subscribe without-restart -W 2 2>/dev/null || true)"
echo "idle for 59 days, no restart:            ${first:-session and message are gone}"

session with-restart
stop
start # with the same clock, so that the whole idle time is after the restart
clock +118d
usr/bin/mosquitto_pub --unix socket -q 1 -t news -m "sent 59 days later"
second="$(subscribe with-restart -W 2 2>/dev/null | paste -sd, || true)"
echo "restart, then idle for 59 days:          ${second:-session and messages are gone}"

if [ -z "$first" ] && [ "$second" = "for with-restart,sent 59 days later" ]; then
    echo "as before: after a restart the session outlives its 14 days; one would guess that both are gone"
else
    echo "the behaviour changed"
    exit 1
fi
