#!/usr/bin/env bash
# Asks a server on the demo model through a gRPC-Web proxy, as a page in a browser does. Needs Go and Node.js.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
GRPC_WEB_VERSION=v0.15.0
export GOBIN=$root/target/ci/grpc-web
[ -x "$GOBIN/grpcwebproxy" ] || go install "github.com/improbable-eng/grpc-web/go/grpcwebproxy@$GRPC_WEB_VERSION"
work=$(mktemp -d)

. "$root/cli/src/test/launcher/demo-server.sh"
await_server

port=$(python3 -c 'import socket; s = socket.create_server(("127.0.0.1", 0)); print(s.getsockname()[1])')
"$GOBIN/grpcwebproxy" --backend_addr="$address" --run_tls_server=false --server_bind_address=127.0.0.1 --server_http_debug_port="$port" \
  --allowed_origins=http://page.test >"$work/proxy.log" 2>&1 &
proxy=$!
trap 'kill $proxy $server 2>/dev/null || true; wait $proxy $server 2>/dev/null || true; rm -rf "$work"' EXIT
for _ in $(seq 50); do
  (: </dev/tcp/127.0.0.1/"$port") 2>/dev/null && break
  sleep 0.1
done
node "$here/ask.mjs" "http://127.0.0.1:$port" || { cat "$work/proxy.log"; exit 1; }
