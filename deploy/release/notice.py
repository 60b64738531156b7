"""Prints the notice of an archive: who made what is in it, and under which license: notice.py SBOM"""

import json
import sys
from pathlib import Path

HEAD = """Stratalens
Copyright the contributors to Stratalens
Licensed under the Apache License, Version 2.0; see LICENSE.

The archive has these libraries, each under its own license. pytorch-native-cpu is PyTorch (BSD-3-Clause), which was linked
with oneDNN (Apache-2.0) and oneMKL, and comes with libgomp (GPL-3.0 with the GCC Runtime Library Exception). META-INF in each
jar and sbom.cdx.json say more.

"""


def licenses(component: dict) -> str:
    found = []
    for each in component.get("licenses", []):
        license = each.get("license", {})
        found.append(each.get("expression") or license.get("id") or license.get("name"))
    if not found or None in found:
        sys.exit(f"{component['purl']} names no license; say in deploy/release/complete.py which one it has")
    return ", ".join(dict.fromkeys(found))


def main(bom: Path) -> None:
    components = json.loads(bom.read_text(encoding="utf-8"))["components"]
    lines = {f"{each.get('group', '')}:{each['name']} {each['version']}: {licenses(each)}" for each in components}
    print(HEAD + "\n".join(sorted(lines)))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
