#!/usr/bin/env bash
# The Go client: its form, the generated code as committed, its tests, and its example and the page's program against a server on the
# demo model. Needs Go, and for the generated code Node.js and Maven.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
work=$(mktemp -d)

. "$root/cli/src/test/launcher/demo-server.sh"
. "$root/client-sdk/page-block.sh"

cd "$here"
[ -z "$(gofmt -l .)" ] || { echo "not formatted by gofmt:"; gofmt -l .; exit 1; }
go mod tidy -diff
go vet ./...

"$root/proto/generate/run" go "$work/generated"
diff -r "$work/generated/client-sdk/go/stratalensv1" stratalensv1 ||
  { echo "The contract has changed: run proto/generate/run go, and commit what it makes."; exit 1; }

await_server
export STRATALENS_ADDRESS=$address
go test -count=1 ./... # not from the cache, which does not know the vectors outside of the module

go run ./examples/heatmap "$address" "The capital of France is" | tee "$work/map"
grep -q '^layer  9.*·Paris' "$work/map"
if go run ./examples/heatmap "$address" "" 2>"$work/refusal"; then echo "an empty prompt was not refused"; exit 1; fi
grep -q '^prompt.text: ' "$work/refusal"

go run ./examples/changes "$address" "The capital of France is" "The capital of Italy is" " Rome" " Paris" | tee "$work/changes"
grep -q '^layer  2 .*·France +20.5 ·is +0.' "$work/changes"
grep -q '^·Paris: settled from layer 6$' "$work/changes"

# What the page says, in a module of its own.
mkdir "$work/program"
cd "$work/program"
page_block go 'package main' | sed "s#localhost:50061#$address#" >main.go
page_block sh 'go mod init' | sed "s#PATH_TO_STRATALENS#$root#" >commands
. ./commands
go run . | tee output
diff <(page_block console '$ go run .' | tail -n +2) output
