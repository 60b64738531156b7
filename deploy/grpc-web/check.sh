#!/usr/bin/env bash
# Asks a server on the demo model through a gRPC-Web proxy, as a page in a browser does. Needs Go and Node.js.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
work=$(mktemp -d)

. "$root/cli/src/test/launcher/demo-server.sh"
. "$here/proxy.sh"
await_server
start_proxy --allowed_origins=http://page.test
node "$here/ask.mjs" "$proxy_url" || { cat "$work/proxy.log"; exit 1; }
