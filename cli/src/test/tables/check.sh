#!/usr/bin/env bash
# Reads a table of results as docs/corpus-format.md does, by pyarrow and DuckDB, and compares it with the JSON of the same batch:
# check.sh ENVIRONMENT, a virtual environment of Python, into which both are installed.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../../../.." && pwd)
python=$(cd "$1" && pwd)/bin/python
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
page=$root/docs/corpus-format.md

# The page's block of a language.
block() { awk -v fence='```' -v opening='```'"$1" '$0 == fence { inside = 0 } inside; $0 == opening { inside = 1 }' "$page"; }

"$python" -m pip install --quiet --disable-pip-version-check 'pyarrow>=15' 'duckdb>=1'
cd "$work"
prompts=$root/docs/examples/prompts.jsonl
"$root/stratalens" batch "$prompts" --quiet --embedding --output results.jsonl
"$root/stratalens" batch "$prompts" --quiet --embedding --output prompts.parquet
"$root/stratalens" batch "$prompts" --quiet --embedding --output layers.parquet --rows layer --part-size 0.05
block sql >query.sql
block python >read.py
"$python" read.py | tee said
grep -Eq '^demo [0-9]+ positions$' said
"$python" "$here/compare.py" results.jsonl prompts.parquet layers.parquet query.sql
