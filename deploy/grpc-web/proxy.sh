# Sourced by checks, after demo-server.sh: starts a gRPC-Web proxy before the server at $address, and sets $proxy_url. Its log is
# $work/proxy.log. Takes what the proxy is told of pages: start_proxy --allowed_origins=http://page.test
GRPC_WEB_VERSION=v0.15.0

start_proxy() {
  local tools=$root/target/ci/grpc-web port
  [ -x "$tools/grpcwebproxy" ] || GOBIN=$tools go install "github.com/improbable-eng/grpc-web/go/grpcwebproxy@$GRPC_WEB_VERSION"
  port=$(python3 -c 'import socket; s = socket.create_server(("127.0.0.1", 0)); print(s.getsockname()[1])')
  "$tools/grpcwebproxy" --backend_addr="$address" --run_tls_server=false --server_bind_address=127.0.0.1 --server_http_debug_port="$port" \
    "$@" >"$work/proxy.log" 2>&1 &
  proxy=$!
  trap 'kill $proxy $server 2>/dev/null || true; wait $proxy $server 2>/dev/null || true; rm -rf "$work"' EXIT
  for _ in $(seq 50); do
    (: </dev/tcp/127.0.0.1/"$port") 2>/dev/null && break
    sleep 0.1
  done
  proxy_url=http://127.0.0.1:$port
}
