# Sourced by checks that ask a running server: starts one on the demo model, and sets $address. Needs $root and a folder $work, which goes
# away with the server when the script ends.
"$root/stratalens" serve --model demo --port 0 >"$work/server.log" 2>&1 &
server=$!
trap 'kill $server 2>/dev/null || true; wait $server 2>/dev/null || true; rm -rf "$work"' EXIT

await_server() {
  address=
  for _ in $(seq 120); do
    address=$(grep -oE '127\.0\.0\.1:[0-9]+' "$work/server.log" | head -n 1) && [ -n "$address" ] && return
    kill -0 $server 2>/dev/null || { cat "$work/server.log"; exit 1; }
    sleep 0.5
  done
  echo "the server named no address:"
  cat "$work/server.log"
  exit 1
}
