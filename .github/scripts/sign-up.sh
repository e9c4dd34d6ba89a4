#!/usr/bin/env bash
# Signs up at $BASE_URL like a browser on ORIGIN and prints the HTTP status.
# Usage: sign-up.sh ORIGIN EMAIL
set -euo pipefail
curl --silent --output /dev/null --write-out '%{http_code}' \
  --header "origin: $1" --header 'sec-fetch-mode: cors' --header 'content-type: application/json' \
  --data "{\"email\":\"$2\",\"name\":\"$2\",\"password\":\"correct horse battery\"}" \
  "$BASE_URL/sign-up/email"
