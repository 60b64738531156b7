#!/usr/bin/env bash
# Does what docs/other-languages.md tells a Python programmer, in a copy of the contract: makes the stubs, reads a stream and a batch from
# a server on the demo model, and compares what comes with what the page shows: check.sh ENVIRONMENT
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../../../.." && pwd)
PATH=$(cd "$1" && pwd)/bin:$PATH
work=$(mktemp -d)
page=$root/docs/other-languages.md

. "$root/cli/src/test/launcher/demo-server.sh"

# The page's block of a language that begins with a line.
block() { awk -v fence='```' -v opening='```'"$1" -v first="$2" '
  $0 == opening { getline; inside = index($0, first) == 1 } $0 == fence { inside = 0 } inside' "$page"; }

mkdir -p "$work/tree/proto"
cp -R "$root/proto/src" "$work/tree/proto/"
cd "$work/tree"
export PIP_QUIET=1 PIP_DISABLE_PIP_VERSION_CHECK=1
block sh 'cd proto' >"$work/commands"
. "$work/commands"

await_server

block text '$ python' >"$work/shown"
run=$(sed -n '1s/^\$ //p' "$work/shown")
eval "${run/localhost:50061/$address}" | tee "$work/output"
# Word for word, and numbers as near as the rounding of another processor.
python - "$work/shown" "$work/output" <<'END'
import sys

shown, made = (open(name, encoding="utf-8").read().split() for name in sys.argv[1:])
shown = shown[shown.index("tokens:"):]


def same(one: str, other: str) -> bool:
    try:
        return abs(float(one.strip("%,")) - float(other.strip("%,"))) <= 0.02 + 0.01 * abs(float(one.strip("%,")))
    except ValueError:
        return one == other


differences = [pair for pair in zip(shown, made) if not same(*pair)]
if differences or len(shown) != len(made):
    sys.exit(f"docs/other-languages.md shows something else: {differences}, {len(shown)} and {len(made)} words")
END

if python read_stream.py "$address" "" 2>"$work/output"; then echo "an empty prompt was not refused"; exit 1; fi
grep -q "INVALID_FIELD .*'field': 'prompt.text'" "$work/output"

python read_batch.py "$address" "The capital of France is" "The capital of Italy is" "" | tee "$work/output"
grep -q "^0: .* goes on with ' Paris'" "$work/output"
grep -q "^1: .* goes on with ' Rome'" "$work/output"
grep -q "^2: prompt.text: must be given" "$work/output"
