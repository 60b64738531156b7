#!/usr/bin/env bash
# Does what README tells a Java programmer: installs the client, and builds and runs README's program in an empty folder.
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

await_server

java -cp "$work/program/target/classes:$(<"$work/classpath")" dev.stratalens.client.example.QuickExample \
  "$address" "The capital of France is" 2>"$work/errors" | tee "$work/output"
grep -qx 'layer  9: ·Paris' "$work/output"
if [ -s "$work/errors" ]; then echo "the program wrote to standard error:"; cat "$work/errors"; exit 1; fi
