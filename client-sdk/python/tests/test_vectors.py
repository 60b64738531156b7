"""The shared vectors: each is read to its outcome."""

from __future__ import annotations

import importlib
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from conftest import TREE

from stratalens import BrokenStreamError
from stratalens.v1 import lens_service_pb2

VECTORS = TREE / "proto/vectors"
NAMES = sorted(str(file.parent.relative_to(VECTORS)) for file in VECTORS.glob("**/outcome.json"))
sys.path.append(str(VECTORS))
KINDS = importlib.import_module("record").ALL


def events(folder: Path) -> list[lens_service_pb2.Event]:
    found: list[lens_service_pb2.Event] = KINDS["analyze"].kind.read(folder.name)[1]
    return found


@pytest.mark.parametrize("name", NAMES)
def test_outcome(name: str) -> None:
    folder = VECTORS / name
    outcome = json.loads((folder / "outcome.json").read_text(encoding="utf-8"))
    kind = KINDS[folder.parent.name if folder.parent != VECTORS else "analyze"]
    answer = kind.kind.read(folder.name)
    if outcome["outcome"] == "broken":
        with pytest.raises(BrokenStreamError, match="cannot be used"):
            kind.result(*answer)
    else:
        expected = json.loads((folder / "result.json").read_text(encoding="utf-8"))
        assert json.loads(kind.result(*answer)) == near(expected)


def near(value: Any) -> Any:
    """The same but for the last bit of floats."""
    if isinstance(value, dict):
        return {key: near(each) for key, each in value.items()}
    if isinstance(value, list):
        return [near(each) for each in value]
    return pytest.approx(value, rel=3e-7) if isinstance(value, float) else value


def test_there_are_both_kinds() -> None:
    kinds = [Path(name).parent.name for name in NAMES]
    assert {kind: kinds.count(kind) for kind in ("", "changed", "generate", "sweep")} == {
        "": len(KINDS["analyze"].recorded) + len(KINDS["analyze"].variants) + len(KINDS["analyze"].damages),
        **{kind: len(KINDS[kind].recorded) + 1 + len(KINDS[kind].damages) for kind in ("changed", "generate", "sweep")},
    }
    assert sum("broken-" in name for name in NAMES) > 110
    assert sum("broken-" not in name for name in NAMES) >= 27


def test_broken_ones_are_what_the_script_makes_of_the_good_ones(tmp_path: Path) -> None:
    copy = tmp_path / "vectors"
    subprocess.run(["cp", "-R", str(VECTORS), str(copy)], check=True)
    subprocess.run([sys.executable, str(copy / "record.py"), "--broken"], check=True)
    for name in NAMES:
        for file in (VECTORS / name).iterdir():
            assert (copy / name / file.name).read_bytes() == file.read_bytes(), f"{name}/{file.name}"
