#!/usr/bin/env bash
# Rehearses a release: sets a version in two clones of the last commit, builds both, compares what came out byte by byte, and uses it as
# others would: a program that depends on the Maven repository, and the archives with a Java runtime alone. Five to ten minutes on two
# cores. Needs what build needs, and 3 GB.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
version=9.9.9
work=$root/target/release-check
export SOURCE_DATE_EPOCH=1780000000

rm -rf "$work"
mkdir -p "$work"
mvn -B -q -N -f "$root/pom.xml" help:evaluate -Dexpression=settings.localRepository -Doutput="$work/local-repository"
repository=$(<"$work/local-repository")

# A program resolves what it depends on into the user's repository.
clean_up() { rm -rf "$repository"/dev/stratalens/*/"$version"; }
trap clean_up EXIT
clean_up

git clone -q --shared "$root" "$work/one"
git clone -q --shared "$work/one" "$work/another"
for copy in one another; do
  old=$("$work/$copy/deploy/release/version")
  "$work/$copy/deploy/release/version" "$version"
  if [[ $old = *-SNAPSHOT ]] && git -C "$work/$copy" grep -nF "$old"; then
    echo "release: deploy/release/version leaves $old in the lines above; add the places to it"
    exit 1
  fi
  "$work/$copy/deploy/release/build" "$work/$copy-published"
done
published=$work/one-published
diff "$published/SHA256SUMS" "$work/another-published/SHA256SUMS" || { echo 'release: two builds differ in the files above'; exit 1; }
echo "release: two builds made the same $(wc -l <"$published/SHA256SUMS") files"
rm -rf "$work/another" "$work/another-published"
python3 "$root/deploy/release/check.py" "$published" "$version"

# ---- a program outside the tree ----

cp -R "$root/deploy/release/outside" "$work/outside"
mvn -B -ntp -q -f "$work/outside/pom.xml" -Dpublished="$published/maven" -Dpublished.version="$version" \
  compile dependency:build-classpath -Dmdep.outputFile="$work/classpath"
said=$(java --add-modules jdk.incubator.vector -Dai.djl.offline=true -cp "$work/outside/target/classes:$(<"$work/classpath")" OutsideProgram \
  "$root/models/demo" "$work/page.html" 2>/dev/null)
[ "$said" = '·Paris' ] || { echo "release: the program outside the tree said: $said"; exit 1; }
grep -q '<html' "$work/page.html"
echo 'release: a program outside the tree served, asked, and wrote a page'
mvn -B -ntp -q -f "$work/outside/spark.xml" -Dpublished="$published/maven" -Dpublished.version="$version" \
  dependency:build-classpath -Dmdep.outputFile="$work/spark-classpath"
[ "$(basename "$(<"$work/spark-classpath")")" = "stratalens-spark-$version.jar" ] ||
  { echo "release: Spark's jar brings others: $(<"$work/spark-classpath")"; exit 1; }
echo "release: a program outside the tree resolves Spark's jar alone"

# ---- the archives, where there is a Java runtime and neither Maven nor a JDK ----

java=${JAVA_HOME:-$(dirname "$(dirname "$(readlink -f "$(command -v jlink)")")")}
"$java/bin/jlink" --add-modules java.se,jdk.crypto.ec,jdk.httpserver,jdk.incubator.vector,jdk.management,jdk.net,jdk.unsupported,jdk.zipfs \
  --generate-cds-archive --output "$work/tools/jre" >"$work/jlink.log" 2>&1
for tool in bash cat curl cp date dirname find grep head locale mkdir mv readlink rm sed sha256sum sleep stty uname; do
  [ -z "$(command -v $tool)" ] || ln -s "$(command -v $tool)" "$work/tools/$tool"
done
ln -s jre/bin/java "$work/tools/java"
# Without a network, where this system lets a program have none.
offline=(bwrap --dev-bind / / --unshare-net)
"${offline[@]}" true 2>/dev/null || { offline=(); echo 'release: bubblewrap makes no namespaces here, so the archives start with a network'; }

start() { # settings and the command
  "${offline[@]}" env -i HOME="$work/home" PATH="$work/tools" "$@"
}
unpack() { mkdir -p "$work/$1" "$work/home" && tar --extract --directory "$work/$1" --file "$published/stratalens-$version-linux-x86_64$2.tar.gz"; }
expect() { case $2 in *"$3"*) echo "release: $1" ;; *) printf 'release: FAILS %s; it said:\n%s\n' "$1" "$2"; exit 1 ;; esac; }

unpack whole ''
whole=$work/whole/stratalens-$version/stratalens
expect 'the archive answers offline, with a Java runtime alone' "$(start "$whole" analyze 'The capital of France is' 2>&1)" '·Paris'
[ -f "$work/whole/stratalens-$version/.state/state/classes.jsa" ] || { echo 'release: FAILS to prepare fast starts'; exit 1; }
expect 'it knows its version' "$(start "$whole" version 2>&1)" "$version"
expect 'it has the fitted lenses' "$(start "$whole" analyze --lens-file \
  tuned="${whole%/*}/models/demo/lenses/tuned.safetensors" --lens tuned 'The capital of France is' 2>&1)" 'Lens tuned.'
mv "$work/whole" "$work/moved"
expect 'it can be moved' "$(start "$work/moved/stratalens-$version/stratalens" analyze 'The capital of France is' 2>&1)" '·Paris'
rm "$work/tools/java"
expect 'a missing Java is named' "$(start "$work/moved/stratalens-$version/stratalens" version 2>&1)" 'needs a Java runtime, version 17'
ln -s jre/bin/java "$work/tools/java"

unpack slim -slim
slim=$work/slim/stratalens-$version/stratalens
expect 'the slim archive says what to do without a network' "$(start STRATALENS_MAVEN="file://$work/nowhere" "$slim" version 2>&1)" \
  'Set STRATALENS_MAVEN'
path=$(cut -d ' ' -f 1 "$work/slim/stratalens-$version/lib/pytorch")
mkdir -p "$(dirname "$work/wrong/$path")"
echo wrong >"$work/wrong/$path"
expect 'it refuses another file' "$(start STRATALENS_MAVEN="file://$work/wrong" "$slim" version 2>&1)" 'is not PyTorch'
expect 'it fetches PyTorch and answers' \
  "$(start STRATALENS_MAVEN="file://$repository" "$slim" analyze 'The capital of France is' 2>&1)" '·Paris'
rm -rf "$work"
