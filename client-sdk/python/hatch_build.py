"""Makes what the package holds but the tree has elsewhere: the code of the messages, the report's page, and the license.

An archive of the sources holds all three already, so a wheel can be built from it alone.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

HERE = Path(__file__).parent
TREE = HERE.parent.parent
PAGE = TREE / "client-sdk/report/src/main/resources/dev/stratalens/report/page"


class Generated(BuildHookInterface):  # type: ignore[type-arg]
    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        generate()


def generate() -> None:
    if not (TREE / "proto").is_dir():
        return
    shutil.copyfile(TREE / "LICENSE", HERE / "LICENSE")
    bundle = HERE / "src/stratalens/_page/bundle"
    bundle.mkdir(exist_ok=True)
    for name in ("report.js", "report.css", "load.js"):
        shutil.copyfile(PAGE / name, bundle / name)
    compile_messages(TREE / "proto/src/main/proto", HERE / "src")


def compile_messages(contract: Path, target: Path) -> None:
    import google.rpc
    import grpc_tools
    from grpc_tools import protoc

    package = target / "stratalens/v1"
    shutil.rmtree(package, ignore_errors=True)
    package.mkdir(parents=True)
    (package / "__init__.py").write_text('"""Messages of the contract, generated from proto/src/main/proto."""\n')
    included = [
        contract,
        Path(grpc_tools.__file__).parent / "_proto",
        Path(next(iter(google.rpc.__path__))).parent.parent,
    ]
    code = protoc.main(
        ["protoc"]
        + [f"-I{path}" for path in included]
        + [f"--python_out={target}", f"--pyi_out={target}"]
        + sorted(str(file.relative_to(contract)) for file in contract.glob("stratalens/v1/*.proto"))
    )
    if code != 0:
        raise RuntimeError(f"protoc ended with {code}")


if __name__ == "__main__":
    generate()
