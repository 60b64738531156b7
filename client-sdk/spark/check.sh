#!/usr/bin/env bash
# Runs the jar as docs/spark.md says, with the jars of Spark as Spark has them, on a cluster of two executors on this machine, and
# compares its tables with those of batch: check.sh ENVIRONMENT, a virtual environment of Python, into which DuckDB is installed.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
python=$(cd "$1" && pwd)/bin/python
page=$root/docs/spark.md
work=$(mktemp -d)
servers=()
stop() {
  for server in "${servers[@]}"; do kill -9 "$server" 2>/dev/null || true; done
  rm -rf "$work"
}
trap stop EXIT

# The page's block that begins with a line.
block() { awk -v fence='```' -v opening='```'"$1" -v first="$2" '
  $0 == opening { getline; inside = index($0, first) == 1 } $0 == fence { inside = 0 } inside' "$page"; }
fail() { echo "spark: $1"; exit 1; }

cd "$root"
block sh 'mvn package' >"$work/build"
. "$work/build"
jar=$root/client-sdk/spark/target/stratalens-spark.jar
if unzip -Z1 "$jar" | grep -Ei 'kotlin|okhttp|okio|^(com/google|io/grpc|io/netty|org/apache/(spark|parquet|hadoop)|scala)/'; then
  fail 'the jar has the classes above, which are to stay out or to be moved'
fi

"$here/src/test/cluster/spark-home" "$work/spark"
export SPARK_HOME=$work/spark SPARK_SCALA_VERSION=2.13 SPARK_LOCAL_IP=127.0.0.1 SPARK_LOCAL_DIRS=$work/local PATH=$work/spark/bin:$PATH

serve() { # name of its log
  ./stratalens serve --model demo --port 0 >"$work/$1" 2>&1 &
  servers+=($!)
}
found() { # what the log of a process says: pattern, name
  for _ in $(seq 240); do
    if said=$(grep -oE -m 1 "$1" "$work/$2"); then
      echo "${said%%$'\n'*}"
      return
    fi
    sleep 0.25
  done
  cat "$work/$2" >&2
  exit 1
}
./stratalens version >/dev/null # builds what changed, before two servers wait for it
serve one
serve two
address='127\.0\.0\.1:[0-9]+'
one=$(found "$address" one)
two=$(found "$address" two)
"$python" -m pip install --quiet --disable-pip-version-check 'duckdb>=1'
"$python" - docs/examples/documents.jsonl >"$work/texts.jsonl" <<'END'
import json, sys
for number, line in enumerate(open(sys.argv[1], encoding="utf-8")):
    print(json.dumps({"id": f"document {number}", "text": json.loads(line)["text"]}))
END
./stratalens batch "$work/texts.jsonl" --text-column text --id-column id --server "$one" --quiet --output "$work/batch.parquet" || [ $? = 6 ]
compare() { # table of Spark
  query=$(sed "s:SPARK:$1:g; s:BATCH:$work/batch.parquet:g" "$here/src/test/cluster/compare.sql")
  "$python" -c 'import duckdb, sys; print(*duckdb.sql(sys.argv[1]).fetchall()[0])' "$query"
}
expect() { # what it is, table of Spark
  read -r differ rows of_batch failed < <(compare "$2")
  [ "$differ" = 0 ] && [ "$rows" = "$of_batch" ] && [ "$rows" -gt 1000 ] || fail "$1: $differ rows differ; Spark has $rows, batch $of_batch"
  echo "spark: $1: $rows rows as batch has them, $failed texts with an error"
}
export MASTER='local-cluster[2,1,1024]'

# The page's jobs, in a folder of their own.
cd "$work"
ln -s "$root/docs" "$root/client-sdk" "$root/models" .
block sh 'spark-submit client-sdk' | sed "s/gpu1:50061,gpu2:50061/$one,$two/; s:docs/examples/documents.jsonl:texts.jsonl --id-column id:" >served
. ./served >said 2>log || { cat log; exit 1; }
cat said
expect 'a job with two servers' documents.parquet
status=0
"$root/stratalens" summarize documents.parquet >said 2>log || status=$?
{ [ "$status" = 6 ] && grep -q '1 prompt failed' log; } || { cat log; fail "summarize ends with $status and does not say that a text failed"; }
grep -q 'Probability of the best token' said || { cat said; fail 'summarize does not read the table of Spark'; }
block sh '# once' | sed "s:docs/examples/documents.jsonl:texts.jsonl --id-column id:" >embedded
. ./embedded >said 2>log || { cat log; exit 1; }
cat said
expect 'a job without a server' embedded.parquet

mkdir example
sed -n '/^```java/,/^```$/p' "$page" | sed '1d;$d' >example/Entropies.java
javac -proc:none -cp "$jar:$SPARK_HOME/jars/*" -d example example/Entropies.java
jar --create --file example.jar -C example .
spark-submit --class Entropies --jars "$jar" example.jar texts.jsonl "$one" >said 2>log || { cat log; exit 1; }
grep -Eq '^\| +9\|' said || { cat said; fail 'the program of the page shows no curve'; }
echo 'spark: the program of the page has a curve by layer'

# Spark starts a task a second time on another host only, so each executor has an address of its own.
member() { # name of its log, class, arguments
  "$SPARK_HOME/bin/spark-class" "${@:2}" --webui-port 0 >"$work/$1" 2>&1 &
  servers+=($!)
}
member master org.apache.spark.deploy.master.Master --host 127.0.0.1 --port 0
MASTER=$(found "spark://$address" master)
for host in 127.0.0.2 127.0.0.3; do
  member "worker-$host" org.apache.spark.deploy.worker.Worker --host "$host" --cores 1 --memory 1g --work-dir "$work/of-$host" "$MASTER"
done

mkdir classes
javac -proc:none -cp "$jar:$SPARK_HOME/jars/*" -d classes "$here/src/test/cluster/TroubledJob.java"
jar --create --file troubled.jar -C classes .
spark-submit --class TroubledJob --jars "$jar" --conf spark.speculation=true --conf spark.speculation.interval=200ms \
  --conf spark.speculation.quantile=0.5 --conf spark.speculation.multiplier=1.5 --conf spark.speculation.minTaskRuntime=1s \
  troubled.jar texts.jsonl troubled.parquet "$one,$two" "$(pgrep -P "${servers[0]}" java || echo "${servers[0]}")" >said 2>log || { cat log; exit 1; }
grep -q 'tasks that were started twice: [1-9]' said || { cat said; fail 'no task was started twice'; }
kill -0 "${servers[0]}" 2>/dev/null && fail 'the server was not killed'
expect 'a slow task that was started twice, and a server that was killed' troubled.parquet
