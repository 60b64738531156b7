#!/usr/bin/env bash
# Compares the contract with its baseline: check-breaking.sh BUF. Every breaking change needs a line in CHANGES.md that quotes buf's
# message and says why. A new baseline: buf build proto/src/main/proto -o proto/baseline/stratalens.v1.binpb
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
cd "$here/.."
unexplained=0
while IFS= read -r line; do
  message=${line#*:*:*:}
  if ! grep -qF -- "\`$message\`" "$here/CHANGES.md"; then
    printf 'breaking, and not in proto/CHANGES.md: %s\n' "$line"
    unexplained=1
  fi
done < <("$1" breaking proto/src/main/proto --against proto/baseline/stratalens.v1.binpb || true)
exit $unexplained
