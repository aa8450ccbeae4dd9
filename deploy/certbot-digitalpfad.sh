#!/bin/sh
# certbot's deploy hook: hands the new certificate to the account of Digitalpfad, which takes it without a restart.
# The key comes first: until both are there the old certificate stays in use.
set -eu
for file in privkey.pem fullchain.pem; do
    install -m 0640 -g digitalpfad "$RENEWED_LINEAGE/$file" "/etc/digitalpfad/tls/.$file"
    mv "/etc/digitalpfad/tls/.$file" "/etc/digitalpfad/tls/$file"
done
