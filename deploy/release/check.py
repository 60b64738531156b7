"""Checks a Maven repository of a release as Maven Central would, and what its archives hold: check.py FOLDER VERSION"""

from __future__ import annotations

import json
import sys
import tarfile
import xml.etree.ElementTree as Xml
import zipfile
from hashlib import sha1
from pathlib import Path

LIBRARIES = ("proto", "client", "report", "engine", "server", "spark")
SPACE = {"": "http://maven.apache.org/POM/4.0.0"}
# Central asks for these; a parent may say them for its children.
INHERITED = ("url", "licenses/license/name", "developers/developer/name", "scm/connection", "scm/developerConnection", "scm/url")
BANNED = ("kotlin", "okhttp", "okio")


def fail(text: str) -> None:
    sys.exit(f"release: {text}")


def check_pom(path: Path, parent: Xml.Element | None, version: str) -> Xml.Element:
    pom = Xml.parse(path).getroot()
    for place in ("name", "description"):
        if pom.findtext(place, namespaces=SPACE) is None:
            fail(f"{path.name} has no {place}")
    for place in INHERITED:
        if not any(each is not None and each.findtext(place, namespaces=SPACE) for each in (pom, parent)):
            fail(f"{path.name} has no {place}")
    if "-SNAPSHOT" in path.read_text(encoding="utf-8"):
        fail(f"{path.name} depends on a snapshot")
    # Spark's is written by the plugin that packs its jar.
    if pom.find("packaging", SPACE) is None and "-spark-" not in path.name:
        if pom.find("parent", SPACE) is not None or pom.find("build", SPACE) is not None:
            fail(f"{path.name} has a parent or a build, which its users do not need")
        leftovers = [each.findtext("artifactId", namespaces=SPACE) for each in pom.iterfind("dependencies/dependency", SPACE)
                     if each.findtext("scope", namespaces=SPACE) == "test"]
        if leftovers:
            fail(f"{path.name} depends on what its tests use: {leftovers}")
    given = pom.findtext("version", namespaces=SPACE) or pom.findtext("parent/version", namespaces=SPACE)
    if given != version:
        fail(f"{path.name} is of version {given}")
    return pom


def entries(jar: Path) -> set[str]:
    with zipfile.ZipFile(jar) as opened:
        return set(opened.namelist())


def check_library(folder: Path, name: str) -> None:
    jar = folder / f"{name}.jar"
    sources = entries(folder / f"{name}-sources.jar")
    pages = entries(folder / f"{name}-javadoc.jar")
    classes = entries(jar)
    if not any(entry.endswith(".java") for entry in sources) or "index.html" not in pages:
        fail(f"{name} has no sources or no Javadoc")
    if name.startswith("stratalens-spark"):  # has what it needs of others, too
        classes = {entry for entry in classes if entry.startswith("dev/stratalens/spark/")}
    # What the compiler is given; AutoValue writes the rest while it compiles.
    written = (entry for entry in classes if entry.endswith(".class") and not any(word in entry for word in ("$", "META-INF", "/AutoValue_")))
    missing = [entry for entry in written if f"{entry.removesuffix('.class')}.java" not in sources]
    if missing:
        fail(f"{name} has classes without sources: {missing[:3]}")
    bom = json.loads((folder / f"{name}-cyclonedx.json").read_text(encoding="utf-8"))
    if bom["bomFormat"] != "CycloneDX" or not bom["components"]:
        fail(f"{name} has an empty bill of materials")
    print(f"release: {name}: {len(classes)} entries, {len(sources)} sources, {len(pages)} pages, {len(bom['components'])} components, {jar.stat().st_size >> 10} KiB")


def check_sums(repository: Path) -> None:
    for path in repository.rglob("*"):
        if path.is_file() and path.suffix not in (".md5", ".sha1"):
            if not path.with_name(path.name + ".md5").exists():
                fail(f"{path.name} has no MD5")
            if path.with_name(path.name + ".sha1").read_text().strip() != sha1(path.read_bytes()).hexdigest():
                fail(f"{path.name} has another SHA-1")


def check_archive(path: Path, version: str, has_pytorch: bool) -> None:
    folder = f"stratalens-{version}"
    with tarfile.open(path) as archive:
        members = {member.name: member for member in archive}
        classpath = archive.extractfile(f"{folder}/lib/classpath").read().decode().split(":")
    for member in members.values():
        if (member.uid, member.gid, member.uname) != (0, 0, ""):
            fail(f"{member.name} says who packed it")
        if any(word in member.name.lower() for word in BANNED):
            fail(f"{path.name} has {member.name}")
    jars = {name.removeprefix(f"{folder}/") for name in members if name.endswith(".jar")}
    if jars != set(classpath):
        fail(f"{path.name}: the class path and the jars differ: {sorted(jars ^ set(classpath))}")
    if any("pytorch-native" in jar for jar in jars) != has_pytorch or (f"{folder}/lib/pytorch" in members) == has_pytorch:
        fail(f"{path.name}: PyTorch is in the wrong archive")
    for name in ("stratalens", "LICENSE", "NOTICE", "CHANGELOG.md", "sbom.cdx.json", "models/demo/model.safetensors", "models/demo/lenses/tuned.safetensors"):
        if f"{folder}/{name}" not in members:
            fail(f"{path.name} has no {name}")
    if not members[f"{folder}/stratalens"].mode & 0o111:
        fail("the launcher cannot be executed")
    print(f"release: {path.name}: {len(jars)} jars, {path.stat().st_size >> 20} MiB")


def main(out: Path, version: str) -> None:
    group = out / "maven/dev/stratalens"
    parent = check_pom(group / f"stratalens/{version}/stratalens-{version}.pom", None, version)
    for library in LIBRARIES:
        folder = group / f"stratalens-{library}/{version}"
        check_pom(folder / f"stratalens-{library}-{version}.pom", parent, version)
        check_library(folder, f"stratalens-{library}-{version}")
    others = {path.name for path in group.iterdir()} - {"stratalens", *(f"stratalens-{library}" for library in LIBRARIES)}
    if others:
        fail(f"the repository has what nobody depends on: {sorted(others)}")
    check_sums(group)
    check_archive(out / f"stratalens-{version}-linux-x86_64.tar.gz", version, has_pytorch=True)
    check_archive(out / f"stratalens-{version}-linux-x86_64-slim.tar.gz", version, has_pytorch=False)


main(Path(sys.argv[1]), sys.argv[2])
