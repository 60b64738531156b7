#!/usr/bin/env bash
# Builds the image twice, apart from each other, compares the digests, and runs what came out. Needs what build needs, openssl, and
# bubblewrap, which it installs on Debian and Ubuntu.
set -euo pipefail
cd "$(dirname "$0")/../.."
image=deploy/image/target/image again=deploy/image/target/image-again

as_root=$([ "$(id -u)" = 0 ] || echo sudo)
apt-get download -q --print-uris libc6 >/dev/null 2>&1 || $as_root apt-get update -q
command -v bwrap >/dev/null || { $as_root apt-get update -q && $as_root apt-get install -qy --no-install-recommends bubblewrap; }
rm -rf {proto,client-sdk/client,client-sdk/report,server/engine,server/service,cli,deploy/image}/target/{image,image-again}
deploy/image/build target/image
deploy/image/build target/image-again
cmp "$image/stratalens-image.digest" "$again/stratalens-image.digest"
rm -rf {proto,client-sdk/client,client-sdk/report,server/engine,server/service,cli,deploy/image}/target/image-again
echo "image: two builds made $(cat "$image/stratalens-image.digest"), $(($(stat -c %s "$image/stratalens-image.tar") >> 20)) MiB packed"
# Some systems, Ubuntu since 23.10 among them, let only chosen programs make namespaces.
probe=(bwrap --ro-bind / / --unshare-all true)
[ "$(id -u)" != 0 ] || probe=(setpriv --reuid 65532 --regid 65532 --clear-groups "${probe[@]}")
"${probe[@]}" || { echo 'image: NOT RUN, because bubblewrap may not make namespaces on this system'; exit 0; }
python3 deploy/image/check.py "$image/stratalens-image.tar"
