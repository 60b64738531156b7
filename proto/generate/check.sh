#!/usr/bin/env bash
# Does what docs/from-your-language.md tells programmers of any other language, with the protoc that the build has fetched. Needs a build.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

. "$root/client-sdk/page-block.sh"
mkdir "$work/bin"
cp "$(find "$root/proto/target" -name 'protoc-*.exe' ! -name 'protoc-gen-*' | head -n 1)" "$work/bin/protoc"
chmod +x "$work/bin/protoc"
export PATH=$work/bin:$PATH

page_block yaml '# csharp.yaml' | sed "s#out: generated#out: $work/generated#" >"$work/csharp.yaml"
page_block sh 'proto/buf generate' | sed "s#csharp.yaml#$work/csharp.yaml#" >"$work/commands"
cd "$root"
. "$work/commands"
grep -q 'class AnalyzeRequest' "$work/generated/LensService.cs"
