#!/usr/bin/env bash
# libfaketime 0.9.10 (Debian 12), FAKETIME_DONT_FAKE_MONOTONIC=1
#
# A program's time of day is to be another, its monotonic clock is to go on as it is; and it sleeps.
# One would guess: a sleep by the monotonic clock is not touched then.
# Seen: clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, …) answers EINVAL at once, so that time.sleep() of Python 3.11 and
# newer raises OSError. Waiting for an event, a lock or a descriptor takes as long as it should.
# Needs Debian 12 (apt-get, dpkg) and Python 3.11. Exits 0 as long as this is so, 1 when it changed, 2 when it could not
# be tried.
set -euo pipefail
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
cd "$work"
apt-get -qq -o APT::Sandbox::User=root download libfaketime=0.9.10-2.1 && dpkg -x libfaketime_*.deb . || exit 2
library="$(find "$work" -name libfaketime.so.1)"
[ -n "$library" ] || exit 2

cat >try.py <<'PY'
import sys
import threading
import time

if sys.version_info < (3, 11):
    sys.exit(2)


def taken(wait) -> str:
    began = time.monotonic()
    try:
        wait()
    except OSError as error:
        return f"{type(error).__name__} {error.errno}"
    return f"{time.monotonic() - began:.1f} s"


print(time.strftime("%Y"), "sleep:", taken(lambda: time.sleep(0.2)), "event:", taken(lambda: threading.Event().wait(0.2)))
PY
plain="$(python3 try.py)" || exit 2
with="$(LD_PRELOAD="$library" FAKETIME=+1461d FAKETIME_DONT_FAKE_MONOTONIC=1 python3 try.py)"
printf 'as it is:         %s\nwith libfaketime: %s\n' "$plain" "$with"
[[ "$plain" == *"sleep: 0.2 s event: 0.2 s" ]] || exit 2
if [[ "$with" != *"sleep: OSError 22 event: 0.2 s" ]]; then
    echo "the behaviour changed" >&2
    exit 1
fi
echo "as before: time.sleep() fails; one would guess that it sleeps"
