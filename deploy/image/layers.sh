#!/usr/bin/env bash
# Lays out the layers of the image that are no Maven artifacts: layers.sh UNPACKED LAYERS CLASSES DJL_VERSION CUDA
# CUDA is a folder that `stratalens setup-cuda` has made, or none. Links are followed, because jib knows none.
set -euo pipefail
unpacked=$1 layers=$2 classes=$3 djl=$4 cuda=$5
root=$(cd "$(dirname "$0")/../.." && pwd)
java=${JAVA_HOME:-$(dirname "$(dirname "$(readlink -f "$(command -v jlink)")")")}

fail() { printf 'image: %s\n' "$1" >&2; exit 1; }

[ "$(uname -sm)" = 'Linux x86_64' ] && command -v dpkg-deb >/dev/null && command -v apt-get >/dev/null ||
  fail 'the image takes its libraries from packages of Debian or Ubuntu. Build it there, on x86_64.'
[ -x "$java/bin/jlink" ] || fail "$java has no jlink. Install a JDK, or name one in JAVA_HOME."

rm -rf "$layers"
mkdir -p "$layers"/{system,java,pytorch,cuda,program}/opt

# ---- system: what the JVM and PyTorch link to, the locale, and the user ----
packages=(libc6 libc-bin libgcc-s1 libstdc++6 zlib1g)
libraries=(libc.so.6 libm.so.6 libdl.so.2 libpthread.so.0 librt.so.1 libresolv.so.2 libnss_dns.so.2 libnss_files.so.2
  libgcc_s.so.1 libstdc++.so.6 libz.so.1)
system=$layers/system
debs=$layers/debs
mkdir -p "$debs/root"
(cd "$debs" && apt-get download -q "${packages[@]}" >log 2>&1) || {
  cat "$debs/log" >&2
  fail 'a package could not be downloaded. apt-get update brings the lists up to date.'
}
mkdir -p "$system"/{etc,lib64,lib/x86_64-linux-gnu,usr/lib/locale,usr/share/doc,var/lib/dpkg/status.d,tmp,var/cache/stratalens}
for deb in "$debs"/*.deb; do
  dpkg-deb -x "$deb" "$debs/root"
  # Where scanners of images look for packages.
  dpkg-deb -f "$deb" >"$system/var/lib/dpkg/status.d/$(dpkg-deb -f "$deb" Package)"
done
for library in "${libraries[@]}"; do
  cp -L "$(find "$debs/root" -path "*/x86_64-linux-gnu/$library" | head -n 1)" "$system/lib/x86_64-linux-gnu/"
done
cp -L "$(find "$debs/root" -path '*/x86_64-linux-gnu/ld-linux-x86-64.so.2' | head -n 1)" "$system/lib64/"
cp -RL "$debs/root/usr/lib/locale/C.utf8" "$system/usr/lib/locale/"
for package in "${packages[@]}"; do
  copyright=$debs/root/usr/share/doc/$package/copyright
  [ -f "$copyright" ] || continue # a link to that of gcc's base
  mkdir -p "$system/usr/share/doc/$package"
  cp -L "$copyright" "$system/usr/share/doc/$package/"
done
printf 'root:x:0:0:root:/:/sbin/nologin\nstratalens:x:65532:65532:stratalens:/var/cache/stratalens:/sbin/nologin\n' >"$system/etc/passwd"
printf 'root:x:0:\nstratalens:x:65532:\n' >"$system/etc/group"
printf 'hosts: files dns\n' >"$system/etc/nsswitch.conf"

# ---- java: no java.desktop, so that the image draws no PNG; it serves ----
modules=java.base,java.logging,java.management,java.naming,java.net.http,java.security.jgss,java.sql,java.xml
modules=$modules,jdk.crypto.ec,jdk.httpserver,jdk.incubator.vector,jdk.management,jdk.net,jdk.unsupported,jdk.zipfs
"$java/bin/jlink" --add-modules "$modules" --no-header-files --no-man-pages --output "$layers/runtime"
[ -f "$layers/runtime/lib/security/cacerts" ] || cp -L "$java/lib/security/cacerts" "$layers/runtime/lib/security/"
cp -RL "$layers/runtime" "$layers/java/opt/java"

# ---- pytorch: as DJL would unpack it ----
property() { sed -n "s/^$1=//p" "$unpacked/native/lib/$2.properties"; }
torch=$layers/pytorch/opt/pytorch/pytorch/$(property version pytorch)-cpu-linux-x86_64
tokenizers=$layers/pytorch/opt/pytorch/tokenizers/$(property version tokenizers)-cpu-linux-x86_64
mkdir -p "$torch" "$tokenizers"
cp "$unpacked"/pytorch/cpu/linux-x86_64/* "$torch/"
cp "$unpacked/jnilib/linux-x86_64/cpu/libdjl_torch.so" "$torch/$djl-libdjl_torch.so"
cp "$unpacked"/native/lib/linux-x86_64/cpu/* "$tokenizers/"

# ---- cuda: as setup-cuda has unpacked it, where the program looks for it; and the bridge to it ----
if [ "$cuda" != none ]; then
  [ -f "$cuda/torch/lib/libtorch_cuda.so" ] || fail "$cuda has no torch/lib/libtorch_cuda.so. Name a folder that 'stratalens setup-cuda' has made."
  library=$layers/cuda/opt/pytorch/stratalens-cuda-$(property version pytorch)
  bridge=$layers/cuda/opt/pytorch/pytorch/$(property version pytorch)-cu128-linux-x86_64
  mkdir -p "$library" "$bridge"
  cp -RL "$cuda/." "$library/"
  cp "$unpacked/jnilib/linux-x86_64/cu128/libdjl_torch.so" "$bridge/$djl-libdjl_torch.so"
fi

# ---- program: the demo model, and which PyTorch there is, which the jar that is left out would say ----
program=$layers/program/opt/stratalens
mkdir -p "$program/models" "$classes/native/lib"
cp -R "$root/models/demo" "$program/models/"
rm -rf "$program/models/demo/training"
cp "$root/LICENSE" "$program/"
cp "$unpacked/native/lib/pytorch.properties" "$classes/native/lib/"
