"""Adds what is no Maven dependency to the image's bill of materials, and puts it in the image: sbom.py MAVEN_BOM LAYERS PYTORCH_VERSION"""

import hashlib
import json
import sys
from pathlib import Path


def sha256(path: Path) -> dict:
    return {"alg": "SHA-256", "content": hashlib.sha256(path.read_bytes()).hexdigest()}


def component(kind: str, name: str, version: str, purl: str, **more) -> dict:
    return {"type": kind, "bom-ref": purl, "name": name, "version": version, "purl": purl, **more}


def debian(control: Path, packages: list[Path]) -> dict:
    fields = dict(line.split(": ", 1) for line in control.read_text().splitlines() if ": " in line and line[0] != " ")
    name, version, architecture = (fields[key] for key in ("Package", "Version", "Architecture"))
    package = next(path for path in packages if path.name.startswith(name + "_"))
    purl = f"pkg:deb/debian/{name}@{version}?arch={architecture}"
    return component("library", name, version, purl, hashes=[sha256(package)])


def java(release: Path) -> dict:
    fields = dict(line.split("=", 1) for line in release.read_text().splitlines() if "=" in line)
    version = fields["JAVA_VERSION"].strip('"')
    return component("platform", "openjdk", version, f"pkg:generic/openjdk@{version}", description=fields["MODULES"].strip('"'))


def main(bom: Path, layers: Path, pytorch: str) -> None:
    contents = json.loads(bom.read_text())
    packages = sorted((layers / "debs").glob("*.deb"))
    purl = f"pkg:maven/ai.djl.pytorch/pytorch-native-cpu@{pytorch}?classifier=linux-x86_64&type=jar"
    contents["components"] += [
        component("library", "pytorch-native-cpu", pytorch, purl),
        java(layers / "java/opt/java/release"),
        *(component("library", "torch", pytorch, f"pkg:pypi/torch@{pytorch}") for _ in (layers / "cuda/opt").glob("pytorch/stratalens-cuda-*")),
        *(debian(control, packages) for control in sorted((layers / "system/var/lib/dpkg/status.d").iterdir())),
    ]
    (layers / "program/opt/stratalens/sbom.cdx.json").write_text(json.dumps(contents, indent=1, sort_keys=True) + "\n")


main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3])
