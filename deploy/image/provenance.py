"""Says what an image was made from, as an in-toto statement of SLSA provenance beside it: provenance.py FOLDER

It is not signed: whoever publishes the image signs it.
"""

import json
import subprocess
import sys
from pathlib import Path


def said(*command: str) -> str:
    run = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    return run.stdout.strip()


def materials(bom: Path) -> list[dict]:
    """The components that have a hash."""
    found = []
    for component in json.loads(bom.read_text())["components"]:
        hashes = {each["alg"]: each["content"] for each in component.get("hashes", [])}
        if "SHA-256" in hashes:
            found.append({"uri": component["purl"], "digest": {"sha256": hashes["SHA-256"]}})
    return found


def main(folder: Path) -> None:
    commit = said("git", "rev-parse", "HEAD")
    changed = bool(said("git", "status", "--porcelain"))
    statement = {
        "_type": "https://in-toto.io/Statement/v1",
        "subject": [
            {
                "name": "stratalens",
                "digest": {"sha256": (folder / "stratalens-image.digest").read_text().strip().split(":")[1]},
            }
        ],
        "predicateType": "https://slsa.dev/provenance/v1",
        "predicate": {
            "buildDefinition": {
                "buildType": "deploy/image/build",
                "externalParameters": {},
                "internalParameters": {"java": said("java", "-version"), "maven": said("mvn", "-B", "-v").splitlines()[0], "uncommittedChanges": changed},
                "resolvedDependencies": [
                    {"uri": "stratalens", "digest": {"gitCommit": commit}},
                    *materials(folder / "layers/program/opt/stratalens/sbom.cdx.json"),
                ],
            },
            "runDetails": {"builder": {"id": "deploy/image/build"}},
        },
    }
    (folder / "stratalens-image.provenance.json").write_text(json.dumps(statement, indent=1) + "\n")


main(Path(sys.argv[1]))
