#!/usr/bin/env bash
# Does what README tells a Java programmer: installs the client, and builds and runs README's program in an empty folder, on
# the class path and as a module.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../../../../.." && pwd)
work=$(mktemp -d)

. "$root/cli/src/test/launcher/demo-server.sh"

# The content of README's block of a language.
block() { awk -v fence='```' -v opening='```'"$1" '$0 == opening { inside = 1; next } $0 == fence { inside = 0 } inside' "$root/README.md"; }

mvn -B -q -ntp -f "$root/pom.xml" install -DskipTests -pl client-sdk/client -am

mkdir -p "$work/program/src/main/java/dev/stratalens/client/example"
block java >"$work/program/src/main/java/dev/stratalens/client/example/QuickExample.java"
cat >"$work/program/pom.xml" <<END
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>example</groupId>
  <artifactId>program</artifactId>
  <version>1</version>
  <properties><maven.compiler.source>17</maven.compiler.source><maven.compiler.target>17</maven.compiler.target></properties>
  <dependencies>
$(block xml)
  </dependencies>
</project>
END
mvn -B -q -ntp -f "$work/program/pom.xml" compile dependency:build-classpath -Dmdep.outputFile="$work/classpath"

# The same program as a module.
mkdir "$work/module"
echo 'module example { requires dev.stratalens.client; }' >"$work/module/module-info.java"
javac -d "$work/module" --module-path "$(<"$work/classpath")" "$work/module/module-info.java" \
  "$work/program/src/main/java/dev/stratalens/client/example/QuickExample.java" 2>"$work/javac" || { cat "$work/javac"; exit 1; }

jar=$(tr : '\n' <"$work/classpath" | grep '/stratalens-client-[^/]*jar$')
jar --describe-module --file "$jar" --release 17 >"$work/descriptor"
grep -q '^exports dev.stratalens.client$' "$work/descriptor"
if grep '^exports .*internal' "$work/descriptor"; then echo "the module shows what is no API"; exit 1; fi

await_server

run() {
  java "$@" "$address" "The capital of France is" 2>"$work/errors" | tee "$work/output"
  grep -qx 'layer  9: ·Paris' "$work/output"
  if [ -s "$work/errors" ]; then echo "the program wrote to standard error:"; cat "$work/errors"; exit 1; fi
}
run -cp "$work/program/target/classes:$(<"$work/classpath")" dev.stratalens.client.example.QuickExample
run --module-path "$work/module:$(<"$work/classpath")" --module example/dev.stratalens.client.example.QuickExample
