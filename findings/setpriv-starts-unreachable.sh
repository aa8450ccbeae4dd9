#!/usr/bin/env bash
# setpriv of util-linux 2.38.1 (Debian 12), run by root
#
# One would guess: `setpriv --reuid=nobody --clear-groups PROGRAM` starts PROGRAM only if that account can reach it,
# and so tells whether it could run it.
# Seen: PROGRAM starts even out of a folder of root with mode 0700. setpriv keeps root's capabilities while it changes
# the user (its manual says so much), and the kernel drops them only in the exec, which has found the file by then. The
# manual's advice --inh-caps=-all changes nothing here. What PROGRAM itself opens, a library or a file beside it, is
# refused. `runuser -u nobody` has no capabilities left before the exec, and is refused at once.
# Needs Debian 12 (apt-get, dpkg) and root.
# Exits 0 as long as this is so, 1 when it changed, 2 when it could not be tried.
set -euo pipefail
export LC_ALL=C
[ "$(id -u)" = 0 ] || { echo "run this as root" >&2; exit 2; }
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
cd "$work"
apt-get -qq -o APT::Sandbox::User=root download util-linux=2.38.1-5+deb12u3 libuuid1=2.38.1-5+deb12u3 || exit 2
for package in *.deb; do dpkg -x "$package" tools || exit 2; done
setpriv="$(find tools -type f -path '*bin/setpriv')"
runuser="$(find tools -type f -path '*bin/runuser')"

chmod 700 "$work"
library="$work/beside.so"
cp -L "$(find tools -name libuuid.so.1)" "$library"
cp /bin/cat program
echo "of root" >file
chmod 755 program "$library"
chmod 644 file
drop=("$setpriv" --reuid=nobody --clear-groups)

"$setpriv" --version
started="$("${drop[@]}" "$work/program" /proc/self/status 2>&1 | grep -E '^(Uid|CapEff)' | paste -sd' ' || true)"
echo "setpriv, program:               ${started:-refused}"
advised="$("${drop[@]}" --inh-caps=-all "$work/program" /dev/null 2>&1 && echo started || true)"
echo "setpriv --inh-caps=-all:        $advised"
beside="$(LD_PRELOAD="$library" "${drop[@]}" "$work/program" /dev/null 2>&1 | sed "s|$work/||g" || true)"
echo "setpriv, library beside it:     ${beside:-loaded}"
file="$("${drop[@]}" "$work/program" "$work/file" 2>&1 | sed "s|$work/||g" || true)"
echo "setpriv, file beside it:        $file"
other="$("$runuser" -u nobody -- "$work/program" /dev/null 2>&1 | sed "s|$work/||g" || true)"
echo "runuser, program:               ${other:-started}"

case "$started|$advised|$beside|$file|$other" in
    Uid:*65534*CapEff:*0000000000000000\|started\|*beside.so*cannot\ open*\|*Permission\ denied*\|*Permission\ denied*)
        echo "as before: setpriv starts what nobody cannot reach; one would guess that it refuses, as runuser does" ;;
    *)
        echo "the behaviour changed"
        exit 1 ;;
esac
