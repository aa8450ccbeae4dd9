#!/bin/sh
# `digitalpfad` as the service's account with the service's settings, for /usr/local/bin/digitalpfad.
# The file is read as systemd reads it, and not run: a value may hold spaces, & and $ without quotes.
set -eu
while read -r line || [ -n "$line" ]; do
    case $line in DIGITALPFAD_*=*) ;; *) continue ;; esac
    value=${line#*=}
    case $value in
    \"*\" | \'*\')
        value=${value#?}
        value=${value%?}
        ;;
    esac
    export "${line%%=*}=$value"
done </etc/digitalpfad/digitalpfad.env
export DIGITALPFAD_DATA_DIR=/var/lib/digitalpfad
exec setpriv --reuid=digitalpfad --regid=digitalpfad --init-groups /opt/digitalpfad/bin/digitalpfad "$@"
