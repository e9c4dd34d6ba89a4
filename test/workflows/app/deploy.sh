#!/usr/bin/env bash
# Deploys the pull request's preview. Prints its URL as a line for GITHUB_OUTPUT: `url=…`.
set -euo pipefail
number=${GITHUB_REF#refs/pull/}
payload=$(jq --null-input --arg name "pr-${number%/merge}${APP:+-$APP}" '{name: $name, env: {
  DATABASE_URL: env.DATABASE_URL,
  NEON_AUTH_BASE_URL: env.NEON_AUTH_BASE_URL,
  NEON_AUTH_JWKS_URL: env.NEON_AUTH_JWKS_URL,
  NEON_AUTH_ISSUER: env.NEON_AUTH_ISSUER
}}')
curl --fail --silent --show-error --data "$payload" "$DEPLOY_TARGET/deployments" | jq --raw-output '"url=\(.url)"'
