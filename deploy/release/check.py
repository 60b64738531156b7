"""Checks a Maven repository of a release as Maven Central would, and what its archives hold: check.py FOLDER VERSION"""

from __future__ import annotations

import json
import re
import sys
import tarfile
import xml.etree.ElementTree as Xml
import zipfile
from hashlib import sha1
from pathlib import Path

from notice import licenses

LICENSE = Path(__file__).parents[2] / "LICENSE"
LIBRARIES = ("proto", "client", "report", "engine", "server", "spark")
SPACE = {"": "http://maven.apache.org/POM/4.0.0"}
# Central asks for these.
ASKED_FOR = ("name", "description", "url", "licenses/license/name", "developers/developer/name", "scm/connection", "scm/developerConnection", "scm/url")
BANNED = ("kotlin", "okhttp", "okio")
# Code in jars: classes, and libraries of the system's.
FOREIGN = re.compile(r"\.(class|so|dll|dylib|jnilib|a)$")


def fail(text: str) -> None:
    sys.exit(f"release: {text}")


def check_pom(path: Path, version: str) -> None:
    pom = Xml.parse(path).getroot()
    for place in ASKED_FOR:
        if not pom.findtext(place, namespaces=SPACE):
            fail(f"{path.name} has no {place}")
    if "-SNAPSHOT" in path.read_text(encoding="utf-8"):
        fail(f"{path.name} depends on a snapshot")
    if pom.find("parent", SPACE) is not None or pom.find("build", SPACE) is not None:
        fail(f"{path.name} has a parent or a build, which its users do not need")
    unneeded = ("test",) if "-spark-" in path.name else ("test", "provided")  # a cluster provides Spark
    leftovers = [each.findtext("artifactId", namespaces=SPACE) for each in pom.iterfind("dependencies/dependency", SPACE)
                 if each.findtext("scope", namespaces=SPACE) in unneeded]
    if leftovers:
        fail(f"{path.name} depends on what only its build uses: {leftovers}")
    given = pom.findtext("version", namespaces=SPACE)
    if given != version:
        fail(f"{path.name} is of version {given}")


def entries(jar: Path, license: bytes) -> set[str]:
    with zipfile.ZipFile(jar) as opened:
        names = set(opened.namelist())
        if "META-INF/LICENSE" not in names or opened.read("META-INF/LICENSE") != license:
            fail(f"{jar.name} has not the project's license as META-INF/LICENSE")
        return names


def check_notice(jar: Path, names: set[str]) -> None:
    """A jar with code of others says of each of their packages whose it is."""
    with zipfile.ZipFile(jar) as opened:
        notice = opened.read("META-INF/NOTICE").decode()
    named = {word.strip().replace(".", "/") + "/" for line in re.findall(r"^((?:[\w.]+, )*[\w.]+): ", notice, re.MULTILINE) for word in line.split(",")}
    foreign = {re.sub(r"^(META-INF/versions/\d+/)?(stratalens/shaded/)?", "", name) for name in names if FOREIGN.search(name)}
    unnamed = {name for name in foreign if not name.startswith(("dev/stratalens/", *named))}
    unused = {package for package in named if not any(name.startswith(package) for name in foreign)}
    if unnamed or unused:
        fail(f"NOTICE of {jar.name} does not name the owner of {sorted(unnamed)[:3]}, or names packages that are not there: {sorted(unused)}")


def check_library(folder: Path, name: str) -> None:
    jar = folder / f"{name}.jar"
    license = LICENSE.read_bytes()
    sources = entries(folder / f"{name}-sources.jar", license)
    pages = entries(folder / f"{name}-javadoc.jar", license)
    classes = entries(jar, license)
    if not any(entry.endswith(".java") for entry in sources) or "index.html" not in pages:
        fail(f"{name} has no sources or no Javadoc")
    if name.startswith("stratalens-spark"):  # has what it needs of others, too
        check_notice(jar, classes)
        classes = {entry for entry in classes if entry.startswith("dev/stratalens/spark/")}
    # What the compiler is given; AutoValue writes the rest while it compiles.
    written = (entry for entry in classes if entry.endswith(".class") and not any(word in entry for word in ("$", "META-INF", "/AutoValue_")))
    missing = [entry for entry in written if f"{entry.removesuffix('.class')}.java" not in sources]
    if missing:
        fail(f"{name} has classes without sources: {missing[:3]}")
    bom = json.loads((folder / f"{name}-cyclonedx.json").read_text(encoding="utf-8"))
    if bom["bomFormat"] != "CycloneDX" or not bom["components"]:
        fail(f"{name} has an empty bill of materials")
    for component in bom["components"]:
        licenses(component)  # ends the check where there is none
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
    for library in LIBRARIES:
        folder = group / f"stratalens-{library}/{version}"
        check_pom(folder / f"stratalens-{library}-{version}.pom", version)
        check_library(folder, f"stratalens-{library}-{version}")
    others = {path.name for path in group.iterdir()} - {f"stratalens-{library}" for library in LIBRARIES}
    if others:
        fail(f"the repository has what nobody depends on: {sorted(others)}")
    check_sums(group)
    check_archive(out / f"stratalens-{version}-linux-x86_64.tar.gz", version, has_pytorch=True)
    check_archive(out / f"stratalens-{version}-linux-x86_64-slim.tar.gz", version, has_pytorch=False)


main(Path(sys.argv[1]), sys.argv[2])
