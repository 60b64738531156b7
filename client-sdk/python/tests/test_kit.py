"""The call of logitlenskit, and servers of this session."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from conftest import LAUNCHER, PROMPT, TREE

import stratalens
from stratalens import LensClient, collect_logit_lens
from stratalens.local_server import _launcher


def test_the_dictionary_of_logitlenskit(lens: LensClient) -> None:
    data = collect_logit_lens(PROMPT, lens, k=3, layers=[2, 9])
    assert list(data) == ["model", "input", "layers", "topk", "tracked", "probs", "vocab"]
    assert (data["model"], data["layers"]) == ("demo", [2, 9])
    assert data["input"][-2:] == [" France", " is"]
    assert data["topk"].shape == (2, 6, 3)
    assert data["topk"].dtype == np.int32
    for position in range(6):
        np.testing.assert_array_equal(data["tracked"][position], np.unique(data["topk"][:, position]))
        assert data["probs"][position].shape == (2, len(data["tracked"][position]))
        assert data["probs"][position].dtype == np.float32
    best = data["topk"][1, 5, 0]
    assert data["vocab"][best] == " Paris"
    assert data["probs"][5][1, list(data["tracked"][5]).index(best)] > 0.99
    assert set(data["vocab"]) == set(data["topk"].flatten())
    assert collect_logit_lens(PROMPT, (lens, "demo"))["topk"].shape == (10, 6, 5)


PROGRAM = """
import os, signal, stratalens, sys
lens = stratalens.local("demo", launcher=sys.argv[1])
print(lens._connection.target, lens.analyze("The capital of France is").final_top[5], flush=True)
if sys.argv[2] == "killed":
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.parametrize("end", ["of the program", "killed"])
def test_a_local_server_ends_with_its_process(end: str) -> None:
    command = [sys.executable, "-c", PROGRAM, LAUNCHER, end]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (ended.returncode == 0) == (end != "killed"), ended.stderr
    address, answer = ended.stdout.split(" ", 1)
    assert "' Paris' 99.9%" in answer
    with stratalens.connect(address) as lens:
        limit = time.monotonic() + 30
        while time.monotonic() < limit:
            try:
                lens.models()
            except stratalens.StratalensError:
                return
            time.sleep(0.05)
    raise AssertionError(f"the server at {address} still runs")


def test_a_long_start_shows_what_the_command_says(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    shown = tmp_path / "shown"

    class Noted(io.StringIO):
        def write(self, text: str) -> int:
            shown.touch()
            return super().write(text)

    slow = tmp_path / "slow"
    slow.write_text(
        f'#!/bin/sh\necho "stratalens: first use"\nwhile [ ! -e {shown} ]; do sleep 0.1; done\nexec {LAUNCHER} "$@"\n',
        encoding="utf-8",
    )
    slow.chmod(0o755)
    monkeypatch.setattr(sys, "stderr", Noted())
    with stratalens.local("demo", launcher=slow) as client:
        assert client.models()[0].name == "demo"
        assert isinstance(sys.stderr, Noted)
        assert sys.stderr.getvalue() == "stratalens: first use\n"


def test_ctrl_c_while_it_starts_ends_the_command(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    class Interrupted(io.StringIO):
        def write(self, text: str) -> int:
            raise KeyboardInterrupt

    endless = tmp_path / "endless"
    endless.write_text(
        f'#!/bin/sh\necho $$ > {tmp_path}/pid\necho "stratalens: first use"\nwhile :; do sleep 0.1; done\n', encoding="utf-8"
    )
    endless.chmod(0o755)
    monkeypatch.setattr(sys, "stderr", Interrupted())
    with pytest.raises(KeyboardInterrupt):
        stratalens.local(launcher=endless)
    with pytest.raises(ProcessLookupError):
        os.kill(int((tmp_path / "pid").read_text(encoding="utf-8")), 0)


def test_a_server_that_does_not_start_says_why(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="nowhere"):
        stratalens.local(str(tmp_path / "nowhere"), launcher=LAUNCHER)


def test_a_missing_launcher_is_named_with_the_remedy(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("STRATALENS", raising=False)
    monkeypatch.setenv("PATH", os.fspath(tmp_path))
    monkeypatch.setattr("stratalens.local_server.__file__", str(tmp_path / "local_server.py"))
    monkeypatch.chdir(tmp_path)
    with pytest.raises(FileNotFoundError, match="set STRATALENS"):
        stratalens.local()


def test_the_command_of_the_tree_around_the_current_folder_is_found(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("STRATALENS", raising=False)
    monkeypatch.setenv("PATH", os.fspath(tmp_path))
    monkeypatch.setattr("stratalens.local_server.__file__", str(tmp_path / "local_server.py"))
    monkeypatch.chdir(TREE / "client-sdk/python/tests")
    assert _launcher(None) == str(TREE / "stratalens")
