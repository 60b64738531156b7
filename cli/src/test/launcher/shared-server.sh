#!/usr/bin/env bash
# Does what docs/shared-server.md tells an operator, in a folder of its own and on free ports, and compares what comes with what the
# page shows.
set -euo pipefail
root=$(cd "$(dirname "$0")/../../../.." && pwd)
page=$root/docs/shared-server.md
work=$(mktemp -d)
server=
trap '[ -z "$server" ] || { kill $server 2>/dev/null || true; wait $server 2>/dev/null || true; }; rm -rf "$work"' EXIT
cd "$work"
ln -s "$root/stratalens" stratalens

# The page's block of a language that begins with a line.
block() { awk -v fence='```' -v opening='```'"$1" -v first="$2" '
  $0 == opening { getline; inside = index($0, first) == 1 } $0 == fence { inside = 0 } inside' "$page" |
  sed "s/localhost:50061/${address:-}/g; s/localhost:9464/localhost:${admin:-}/g"; }

block sh 'umask 077' >commands
. ./commands 2>>log
block sh 'cat > shared/policy.yaml' >commands
. ./commands
sed -i 's/^port: .*/port: 0/; s/^admin-port: .*/admin-port: 0/' shared/stratalens.yaml

block sh '# in a terminal of its own' | sed '$s/$/ \&/' >commands
exec 3>&1 >serving 2>server.log
. ./commands
server=$!
exec >&3 2>&1
for _ in $(seq 120); do
  grep -q '^Serving' serving && break
  kill -0 $server || { cat serving server.log; exit 1; }
  sleep 0.5
done
address=localhost:$(grep -oE ':[0-9]+ \(TLS' serving | grep -oE '[0-9]+')
admin=$(sed -n 's/.*Metrics, probes and drain on .* port //p' server.log)

block sh '# as Ann' >commands
. ./commands
block sh '# as Bob' >commands
if (. ./commands) >output 2>&1; then echo 'a prompt beyond the limit was not refused'; exit 1; fi
diff <(block text 'stratalens: ') output

block sh '# metrics' >commands
. ./commands
block sh '# drain' >commands
. ./commands
wait $server
server=
