"""Completes what Maven has made of a library: complete.py FOLDER, where its bill of materials and its POM for users are.

Gives the licenses of libraries whose own POMs name none, and leaves out of the POM what only the compiler needs.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

LICENSES = {
    # META-INF/LICENSE in the jar; the POM has nothing but the coordinates.
    "pkg:maven/oro/oro@2.0.8": "Apache-1.1",
    # META-INF/LICENSE in the jar, with code under BSD-2-Clause; the POM names no license.
    "pkg:maven/org.apache.datasketches/datasketches-memory@3.0.2": "Apache-2.0 AND BSD-2-Clause",
    # The POM gives addresses without names: that of ASM, and that of the Apache License.
    "pkg:maven/org.apache.xbean/xbean-asm9-shaded@4.30": "Apache-2.0 AND BSD-3-Clause",
}
# Annotations for a processor that writes classes while the client is compiled; users compile nothing with it.
FOR_THE_COMPILER = re.compile(r"\s*<dependency>\s*<groupId>com\.google\.auto\.value</groupId>.*?</dependency>", re.DOTALL)


def complete_bom(path: Path) -> None:
    bom = json.loads(path.read_text(encoding="utf-8"))
    for component in bom["components"]:
        expression = LICENSES.get(component["purl"].partition("?")[0])
        if expression is not None and not component.get("licenses"):
            component["licenses"] = [{"expression": expression}]
    path.write_text(json.dumps(bom, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def complete_pom(path: Path) -> None:
    path.write_text(FOR_THE_COMPILER.sub("", path.read_text(encoding="utf-8")), encoding="utf-8")


def main(folder: Path) -> None:
    for name, complete in {"bom.json": complete_bom, "published-pom.xml": complete_pom}.items():
        if (folder / name).exists():
            complete(folder / name)


main(Path(sys.argv[1]))
