#!/usr/bin/env bash
# Packs the command with its jars and the demo model, with PyTorch and without: archive.sh BUILT OUT
# BUILT is the folder where Maven has put lib and the bill of materials.
set -euo pipefail
built=$1 out=$2
root=$(cd "$(dirname "$0")/../.." && pwd)

of_pom() { sed -n "s:.*<$1>\(.*\)</$1>.*:\1:p" "$root/pom.xml" | head -n 1; }
version=$(of_pom version)
time=$(of_pom project.build.outputTimestamp)
pytorch=$(of_pom pytorch.version)
folder=$built/stratalens-$version

rm -rf "$folder"
mkdir -p "$folder/models" "$folder/deploy"
cp "$root"/{stratalens,LICENSE,CHANGELOG.md} "$folder/"
cp -R "$built/lib" "$folder/"
cp -R "$root/models/demo" "$folder/models/"
rm -rf "$folder/models/demo/training"
cp "$root"/deploy/*.{yaml,json,env,service} "$folder/deploy/"
cp "$built/sbom.cdx.json" "$folder/"
python3 "$root/deploy/release/notice.py" "$folder/sbom.cdx.json" >"$folder/NOTICE"

# The same bytes each time: by name, of nobody, of the time of the release.
pack() {
  tar --directory "$built" --create --format=gnu --sort=name --mtime="$time" --owner=0 --group=0 --numeric-owner \
    --mode=u+rw,go+r,go-w,a+X "stratalens-$version" | gzip --no-name --fast >"$out/stratalens-$version-linux-x86_64$1.tar.gz"
}
pack ''

jar=pytorch-native-cpu-$pytorch-linux-x86_64.jar
sum=$(sha256sum <"$folder/lib/$jar")
rm "$folder/lib/$jar"
sed -i "s#:lib/$jar##" "$folder/lib/classpath"
echo "ai/djl/pytorch/pytorch-native-cpu/$pytorch/$jar ${sum%% *}" >"$folder/lib/pytorch"
pack -slim
rm -rf "$folder"
