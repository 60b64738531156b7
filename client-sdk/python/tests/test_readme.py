"""The lines of the README and of the page of all languages run."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import matplotlib
import pytest
from conftest import TREE

import stratalens
from stratalens import LensClient

BLOCKS = re.findall(r"```python\n(.*?)```", (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8"), re.DOTALL)


def test_its_blocks(lens: LensClient, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    matplotlib.use("Agg")
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {"fresh_token": lambda: "token"}
    (tmp_path / "ca.pem").write_text("only named here", encoding="utf-8")
    target = lens._connection.target
    for block in BLOCKS:
        exec(block.replace("localhost:50061", target), names)
    assert names["result"].ranks[" Paris"][9, -1] == 1
    assert (tmp_path / "paris.html").stat().st_size > 50_000
    assert names["lens"]._connection.tls == stratalens.TLS(authority="ca.pem")


def test_the_page_of_all_languages(lens: LensClient, capsys: pytest.CaptureFixture[str]) -> None:
    page = (TREE / "docs/from-your-language.md").read_text(encoding="utf-8")
    program, shown = re.findall(r"```python\n(.*?)```\n\n```console\n\$ python layers.py\n(.*?)```", page, re.DOTALL)[0]
    exec(program.replace("localhost:50061", lens._connection.target), {})
    assert capsys.readouterr().out == shown
