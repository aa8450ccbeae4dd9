#!/usr/bin/env bash
# mosquitto 2.0.11 (Debian 12), message_size_limit, MQTT 5; with paho-mqtt 2.1.0 (Python)
#
# One would guess: a PUBLISH beyond the limit is refused by a code that MQTT 5 lists for a PUBACK (such as 0x97, quota
# exceeded), or by a DISCONNECT with 0x95 (packet too large), and a client library reports that to the program.
# Seen: the broker drops the message, keeps the connection and sends a PUBACK with 0x95, which the table for PUBACK
# (section 3.4.2.1) does not have. paho-mqtt knows the table and nothing else: its loop ends in a ValueError, on_publish
# and on_disconnect are not called. CONNACK does not announce the limit, so no client can know it beforehand.
# All goes over a Unix socket, no port is opened.
# Needs Debian 12 (apt-get, dpkg) and python3 with venv.
# Exits 0 as long as this is so, 1 when it changed, 2 when it could not be tried.
set -euo pipefail
work="$(mktemp -d)"
broker=
trap 'if [ -n "$broker" ]; then kill "$broker" 2>/dev/null || true; wait; fi; rm -rf "$work"' EXIT
cd "$work"
apt-get -qq -o APT::Sandbox::User=root download mosquitto=2.0.11-1.2+deb12u2 libcjson1=1.7.15-1+deb12u4 \
    libdlt2=2.18.8-6 libwrap0=7.6.q-32 libnsl2=1.3.0-2 libtirpc3=1.3.3+ds-1 || exit 2
for package in *.deb; do dpkg -x "$package" . || exit 2; done
python3 -m venv venv && venv/bin/pip install -q --disable-pip-version-check paho-mqtt==2.1.0 2>pip.log || exit 2

printf '%s\n' 'user root' "listener 0 $work/socket" 'allow_anonymous true' 'message_size_limit 1024' \
    "log_dest file $work/log" >broker.conf
LD_LIBRARY_PATH="$(find "$work" -type d -name '*-linux-gnu' | paste -sd:)" \
    usr/sbin/mosquitto -c broker.conf 2>>warnings &
broker=$!
for _ in $(seq 50); do if [ -S socket ]; then break; fi; sleep 0.1; done
sed -n 's/.*\(mosquitto version .*\) starting/\1, paho-mqtt 2.1.0/p' log

cat >try.py <<'PY'
import socket
import sys

from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion


def on_the_wire() -> tuple[bytes, bytes]:
    """What the broker answers to a CONNECT and to a PUBLISH with 2000 bytes, and that it still answers a PINGREQ."""
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(5)
        connection.connect("socket")
        connection.sendall(bytes.fromhex("10 0e 0004 4d515454 05 02 003c 00 0001 61"))
        connack = connection.recv(100)
        connection.sendall(bytes.fromhex("32 d60f 0001 74 0007 00") + 2000 * b"x" + bytes.fromhex("c000"))
        answer = b""
        while not answer.endswith(bytes.fromhex("d000")):
            answer += connection.recv(100) or sys.exit("the behaviour changed: the broker ended the connection")
        return connack, answer


def with_paho(size: int) -> str:
    events: list[str] = []
    client = Client(CallbackAPIVersion.VERSION2, protocol=MQTTProtocolVersion.MQTTv5, transport="unix")
    client.on_connect = lambda *_: client.publish("t", size * b"x", qos=1)
    client.on_publish = lambda *args: (events.append(f"on_publish: {args[3]}"), client.disconnect())
    client.on_disconnect = lambda *_: events.append("on_disconnect")
    client.connect("socket")
    try:
        client.loop_forever()
    except ValueError as error:
        events.append(f"ValueError: {error}")
    return ", ".join(events)


connack, answer = on_the_wire()
small, large = with_paho(1000), with_paho(2000)
announced = b"\x27" in connack[5:]  # the property Maximum Packet Size
print(f"CONNACK {connack.hex(' ')}, limit announced: {announced}\nanswer to 2000 bytes and a ping: {answer.hex(' ')}")
print(f"paho, 1000 bytes: {small}\npaho, 2000 bytes: {large}")
same = answer[:1] == b"\x40" and answer[2:5] == bytes.fromhex("0007 95") and not announced
if not (same and small.startswith("on_publish") and large.startswith("ValueError")):
    sys.exit("the behaviour changed")
print("as before: PUBACK 0x95, and paho's loop raises; one would guess a code of the table and a call of on_publish")
PY
venv/bin/python try.py
