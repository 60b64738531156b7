"""The shared vectors: each is read to its outcome."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from conftest import TREE
from google.protobuf import proto

from stratalens import BrokenStreamError
from stratalens._assembly.assembler import Assembler
from stratalens.request import Request
from stratalens.v1 import lens_service_pb2

VECTORS = TREE / "proto/vectors"
NAMES = sorted(folder.parent.name for folder in VECTORS.glob("*/outcome.json"))


def events(folder: Path) -> list[lens_service_pb2.Event]:
    found = []
    file = io.BytesIO((folder / "events.binpb").read_bytes())
    while event := proto.parse_length_prefixed(lens_service_pb2.Event, file):
        found.append(event)
    return found


@pytest.mark.parametrize("name", NAMES)
def test_outcome(name: str) -> None:
    folder = VECTORS / name
    outcome = json.loads((folder / "outcome.json").read_text(encoding="utf-8"))
    request = lens_service_pb2.AnalyzeRequest.FromString((folder / "request.binpb").read_bytes())
    assembler = Assembler(Request(request))
    if outcome["outcome"] == "broken":
        with pytest.raises(BrokenStreamError, match="cannot be used"):
            read(assembler, folder)
    else:
        expected = json.loads((folder / "result.json").read_text(encoding="utf-8"))
        assert read(assembler, folder) == near(expected)


def read(assembler: Assembler, folder: Path) -> Any:
    for event in events(folder):
        assembler.add(event)
    return json.loads(assembler.finish().to_json())


def near(value: Any) -> Any:
    """The same but for the last bit of floats."""
    if isinstance(value, dict):
        return {key: near(each) for key, each in value.items()}
    if isinstance(value, list):
        return [near(each) for each in value]
    return pytest.approx(value, rel=3e-7) if isinstance(value, float) else value


def test_there_are_both_kinds() -> None:
    assert sum(name.startswith("broken-") for name in NAMES) > 50
    assert sum(not name.startswith("broken-") for name in NAMES) >= 12


def test_broken_ones_are_what_the_script_makes_of_the_good_ones(tmp_path: Path) -> None:
    copy = tmp_path / "vectors"
    subprocess.run(["cp", "-R", str(VECTORS), str(copy)], check=True)
    subprocess.run([sys.executable, str(copy / "record.py"), "--broken"], check=True)
    for name in NAMES:
        for file in (VECTORS / name).iterdir():
            assert (copy / name / file.name).read_bytes() == file.read_bytes(), f"{name}/{file.name}"
