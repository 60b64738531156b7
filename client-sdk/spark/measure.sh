#!/usr/bin/env bash
# Compares the job with batch on this machine, over one server of the demo model: measure.sh [COPIES [ROUNDS]]
# COPIES of docs/examples/documents.jsonl, 100 texts, are computed: 10 by default. Needs client-sdk/spark/target/stratalens-spark.jar.
# SPARK_HOME names a Spark; without it, Maven fetches one.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
work=$(mktemp -d)
trap '[ -z "${server:-}" ] || kill "$server" 2>/dev/null || true; rm -rf "$work"' EXIT
if [ -z "${SPARK_HOME:-}" ]; then
  "$here/src/test/cluster/spark-home" "$work/spark"
  export SPARK_HOME=$work/spark
fi
for _ in $(seq "${1:-10}"); do cat "$root/docs/examples/documents.jsonl"; done |
  awk '{ sub(/^{/, "{\"id\": \"" NR "\", "); print }' >"$work/texts.jsonl"
"$root/stratalens" serve --model demo --port 0 >"$work/server" 2>&1 &
server=$!
until address=$(grep -oE '127\.0\.0\.1:[0-9]+' "$work/server" | head -n 1) && [ -n "$address" ]; do sleep 0.25; done

for round in $(seq "${2:-3}"); do
  batch=$("$root/stratalens" batch "$work/texts.jsonl" --text-column text --id-column id --server "$address" --in-flight 32 \
    --output "$work/batch-$round.parquet" 2>/dev/null | grep -oE '[0-9.]+ prompts/s' || true)
  spark=$("$SPARK_HOME/bin/spark-submit" --master 'local[2]' "$here/target/stratalens-spark.jar" --input "$work/texts.jsonl" --id-column id \
    --partitions 4 --server "$address" --output "$work/spark-$round.parquet" 2>"$work/log" | grep -oE '[0-9.]+ texts/s' || { cat "$work/log"; exit 1; })
  echo "round $round: batch $batch, Spark $spark, $(awk -v s="${spark% *}" -v b="${batch% *}" 'BEGIN { printf "%.2f", s / b }') of batch"
done
