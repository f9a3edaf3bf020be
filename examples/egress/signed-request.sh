#!/bin/sh
# Sends a signed POST to a route with `egress`: signed-request.sh KEY_ID KEY.pem URL BODY_FILE [options of curl]
# The key: openssl genpkey -algorithm ed25519 -out KEY.pem; its public half: openssl pkey -in KEY.pem -pubout
set -eu
key_id=$1 key=$2 url=$3 body=$4
shift 4
base=$(mktemp)
trap 'rm -f "$base"' EXIT

digest="sha-256=:$(openssl dgst -sha256 -binary "$body" | openssl base64 -A):"
covered='("@method" "@target-uri" "content-digest")'
params="$covered;created=$(date +%s);keyid=\"$key_id\";nonce=\"$(openssl rand -hex 16)\""
printf '"@method": POST\n"@target-uri": %s\n"content-digest": %s\n"@signature-params": %s' \
  "$url" "$digest" "$params" > "$base"
signature=$(openssl pkeyutl -sign -rawin -inkey "$key" -in "$base" | openssl base64 -A)

curl --silent --show-error --request POST --data-binary "@$body" \
  --header 'Content-Type: application/json' --header "Content-Digest: $digest" \
  --header "Signature-Input: core=$params" --header "Signature: core=:$signature:" "$@" "$url"
