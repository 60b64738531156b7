#!/usr/bin/env bash
# Starts a server on the demo model and lets the Python clients read a stream and a batch: check.sh PYTHON GOOGLE_PROTOS
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../../../.." && pwd)
python=$1
google_protos=$2
work=$(mktemp -d)

. "$root/cli/src/test/launcher/demo-server.sh"

"$python" -m grpc_tools.protoc -I "$root/proto/src/main/proto" -I "$google_protos" \
  --python_out="$work" --grpc_python_out="$work" \
  stratalens/v1/cells.proto stratalens/v1/column.proto stratalens/v1/errors.proto stratalens/v1/lens.proto \
  stratalens/v1/lens_service.proto stratalens/v1/model.proto google/rpc/status.proto google/rpc/error_details.proto
cp "$here"/*.py "$work"

await_server

"$python" "$work/read_stream.py" "$address" "The capital of France is" | tee "$work/output"
grep -q "^layer  0:" "$work/output"
grep -q "' Paris'" "$work/output"
grep -q "same answer True" "$work/output"
if "$python" "$work/read_stream.py" "$address" "" 2>"$work/output"; then echo "an empty prompt was not refused"; exit 1; fi
grep -q "INVALID_FIELD .*'field': 'prompt.text'" "$work/output"

"$python" "$work/read_batch.py" "$address" "The capital of France is" "The capital of Italy is" "" | tee "$work/output"
grep -q "^0: .* goes on with ' Paris'" "$work/output"
grep -q "^1: .* goes on with ' Rome'" "$work/output"
grep -q "^2: prompt.text: must be given" "$work/output"
