#!/usr/bin/env bash
# The TypeScript client: types, tests in Node.js and a browser, and the packed package with its example and the page's programs against a
# server on the demo model. Needs Node.js, a Chromium, Go for the gRPC-Web proxy, openssl, and for the generated code Maven.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
work=$(mktemp -d)

. "$root/cli/src/test/launcher/demo-server.sh"
. "$root/deploy/grpc-web/proxy.sh"
. "$root/client-sdk/page-block.sh"

cd "$here"
rm -rf dist stratalens-*.tgz
page_block sh 'npm ci' >"$work/commands"
. "$work/commands"
npm run check
npm test

await_server
start_proxy --allow_all_origins
STRATALENS_ADDRESS=$address STRATALENS_WEB_URL=$proxy_url node test/run.mjs server || { tail -n 20 "$work/proxy.log"; exit 1; }

mkdir "$work/program"
cd "$work/program"
npm init -y >/dev/null
npm install --no-audit --no-fund "$here"/stratalens-*.tgz

cp "$here"/examples/*.mjs .
node heatmap.mjs "$address" "The capital of France is" | tee map
grep -q '^layer  9.*·Paris' map
if node heatmap.mjs "$address" "" 2>refusal; then echo "an empty prompt was not refused"; exit 1; fi
grep -q '^prompt.text: ' refusal

node changes.mjs "$address" "The capital of France is" "The capital of Italy is" " Rome" " Paris" | tee changes
grep -q '^layer  2 .*·France +20.5 ·is +0.' changes
grep -q '^·Paris: settled from layer 6$' changes

# A saved result, for the command and for the viewer's reader.
cat >save.mjs <<'END'
import { writeFileSync, readFileSync } from 'node:fs';
import { connect, nativeJson } from 'stratalens';
import { openText } from 'stratalens/file';

const client = connect(process.argv[2], { plaintext: true });
writeFileSync('lens.json', JSON.stringify(nativeJson(await client.analyze('The capital of France is'))));
client.close();
const [lens] = await openText(readFileSync('lens.json', 'utf8'));
console.log(lens.prediction(9, 5, 0).token.text);
END
node save.mjs "$address" | tee output
grep -qx ' Paris' output
"$root/stratalens" show lens.json --view trajectory | grep -q 'Paris'

# What the page says.
page_block js "import { connect, display } from 'stratalens';" | sed "s#localhost:50061#$address#" >layers.mjs
node layers.mjs | tee output
diff <(page_block console '$ node layers.mjs' | tail -n +2) output
for first in "import { connect, display } from 'stratalens';" "import { ask, connect, LensError } from 'stratalens';"; do
  page_block js "$first" client-sdk/typescript/README.md | sed "s#localhost:50061#$address#" >readme.mjs
  node readme.mjs | tee output
  grep -q ' Paris' output
done
grep -q '^1 INVALID_REQUEST$' output
page_block js "import { connect } from 'stratalens/web';" | sed "s#http://localhost:8081#$proxy_url#" >web.mjs
node web.mjs | tee output
grep -qx ' Paris' output
