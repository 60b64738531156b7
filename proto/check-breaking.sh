#!/usr/bin/env bash
# Compares the contract with its baseline: check-breaking.sh BUF. A change that breaks clients is refused; CHANGES.md says where it goes.
# The baseline of a release: buf build proto/src/main/proto -o proto/baseline/stratalens.v1.binpb
set -euo pipefail
cd "$(dirname "$0")/.."
"$1" breaking proto/src/main/proto --against proto/baseline/stratalens.v1.binpb ||
  { echo "The contract is frozen: proto/CHANGES.md says what may change, and where the rest goes." >&2; exit 1; }
