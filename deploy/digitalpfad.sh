#!/bin/sh
# `digitalpfad` as the service's account with the service's settings, for /usr/local/bin/digitalpfad.
set -a
. /etc/digitalpfad/digitalpfad.env
DIGITALPFAD_DATA_DIR=/var/lib/digitalpfad
set +a
exec setpriv --reuid=digitalpfad --regid=digitalpfad --init-groups /opt/digitalpfad/bin/digitalpfad "$@"
