#!/usr/bin/env bash
# Checks the Kubernetes files, without a cluster: renders each overlay, compares it with the schemas of its kinds, lints it, and has the
# server read its settings. Needs Node.js with npm and Go; takes kubectl if it is there.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
work=$root/target/ci/kubernetes
KUSTOMIZE_VERSION=v5.5.0
KUBE_SCORE_VERSION=v1.20.0
mkdir -p "$work"
export GOBIN=$work/bin

if kubectl kustomize --help >/dev/null 2>&1; then
  render() { kubectl kustomize "$1"; }
else
  [ -x "$GOBIN/kustomize" ] || go install "sigs.k8s.io/kustomize/kustomize/v5@$KUSTOMIZE_VERSION"
  render() { "$GOBIN/kustomize" build "$1"; }
fi
[ -x "$GOBIN/kube-score" ] || go install "github.com/zegl/kube-score/cmd/kube-score@$KUBE_SCORE_VERSION"

for overlay in demo cpu gpu; do
  render "$here/overlays/$overlay" >"$work/$overlay.yaml"
done

npm ci --prefix "$here" --loglevel=error
(cd "$here" && node validate.mjs "$work"/{demo,cpu,gpu}.yaml)

# The image is one of the cluster's own, perhaps loaded by hand, and its tag says which.
for overlay in demo cpu gpu; do
  "$GOBIN/kube-score" score "$work/$overlay.yaml" --output-format ci --enable-optional-test container-seccomp-profile \
    --ignore-test container-image-pull-policy >"$work/$overlay.score" || { grep -v '^\[OK\]' "$work/$overlay.score"; exit 1; }
  echo "kube-score: $overlay, $(grep -c '^\[OK\]' "$work/$overlay.score") checks hold"
done

"$root/stratalens" serve --config "$here/base/stratalens.yaml" --print-config >"$work/settings"
echo 'the server reads the settings'
