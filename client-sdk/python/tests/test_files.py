"""What Python writes is what the command line writes of the same result: native JSON, V2 JSON, and the parts of the page."""

from __future__ import annotations

import json
import re
import subprocess
import zlib
from pathlib import Path
from typing import Any

import pytest
from conftest import LAUNCHER, PROMPT

import stratalens
from stratalens import LensClient, LensResult, interventions
from stratalens._page.packed import packed

PARTS = re.compile(r'<script type="application/octet-stream" id="([^"]*)">([^<]*)</script>')


@pytest.fixture(scope="module")
def saved(result: LensResult, tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("saved") / "result.json"
    result.save(file)
    return file


def shown(file: Path, form: str) -> str:
    """The file as the command line writes it again."""
    output = file.with_suffix(f".again.{form}")
    command = [LAUNCHER, "show", file, "--format", form, "--output", output]
    subprocess.run([*map(str, command)], check=True, capture_output=True)
    return output.read_text(encoding="utf-8")


def test_native_json(saved: Path) -> None:
    assert json.loads(shown(saved, "json")) == json.loads(saved.read_text(encoding="utf-8"))


def test_a_saved_result_is_read_again(result: LensResult, saved: Path, tmp_path: Path) -> None:
    again = stratalens.load(saved)
    assert again.to_json() == result.to_json()
    assert again.to_html() == result.to_html()
    damaged = tmp_path / "damaged.json"
    for text, words in (
        ("not JSON", "no result"),
        ("[]", "no result"),
        ('{"format": "stratalens/2", "vocab": {}}', "damaged or incomplete"),
    ):
        damaged.write_text(text, encoding="utf-8")
        with pytest.raises(ValueError, match=words):
            stratalens.load(damaged)
    for name in ("result.csv", "result"):
        with pytest.raises(ValueError, match=r"neither \.html nor \.json; to_pandas\(\)"):
            result.save(tmp_path / name)
        assert not (tmp_path / name).exists()


def test_v2_json(result: LensResult, saved: Path) -> None:
    theirs, ours = json.loads(shown(saved, "v2")), json.loads(result.to_v2_json())
    for file in (theirs, ours):
        assert file["meta"].pop("timestamp")
    # Five decimals of numbers that differ in their last bit.
    for one, other in zip(theirs.pop("tracked"), ours.pop("tracked"), strict=True):
        assert one.keys() == other.keys()
        for name in one:
            assert one[name] == pytest.approx(other[name], abs=1.01e-5)
    assert theirs == ours


def test_the_page(lens: LensClient, tmp_path: Path) -> None:
    result = lens.analyze(
        "One two three. " * 12,
        targets=[" Paris"],
        statistics=["all", "kl-from-next"],
        sites=["embedding", "attention-output", "block-output"],
        attribution=True,
        candidates="words",
    )
    file = tmp_path / "long.json"
    result.save(file)
    theirs, ours = (dict(PARTS.findall(page)) for page in (shown(file, "html"), result.to_html()))
    assert list(theirs) == list(ours)
    assert "result-0-page-1" in ours
    for name in ours:
        if name.endswith("head"):
            assert json.loads(unpacked(theirs[name])) == json.loads(unpacked(ours[name]))
        else:
            assert unpacked(theirs[name]) == unpacked(ours[name]), name


def test_the_page_of_a_change_outlines_what_it_can_reach(lens: LensClient) -> None:
    patch = interventions.replace_from("The capital of Italy is", layers=2, positions=[1, 4])
    changed = lens.analyze(PROMPT, interventions=patch, unchanged=True, positions=[0, 1, 2, 4, 5])
    page = stratalens.compare(changed.unchanged, changed).to_html()
    assert f"<title>{PROMPT} · unchanged | {PROMPT} · changed</title>" in page
    parts = dict(PARTS.findall(page))
    unchanged, after = (json.loads(unpacked(parts[f"result-{at}-head"])) for at in (0, 1))
    assert "reached" not in unchanged
    assert after["reached"] == [[], [], [1, 2, 3, 4], *[[1, 5]] * 7]


def test_a_page_of_two_results(result: LensResult) -> None:
    assert f"<title>{PROMPT} · logit | {PROMPT} · raw</title>" in stratalens.compare(result, result.through("raw")).to_html()
    page = stratalens.compare(result, result.through("raw")).to_html("a </script> title", theme="dark")
    assert {"result-0-head", "result-1-head"} <= set(dict(PARTS.findall(page)))
    options = re.search(r'id="report">(.*)</script>', page)
    assert options is not None
    assert "<" not in options.group(1)
    assert json.loads(options.group(1)) | {"origin": None} == {
        "title": "a </script> title",
        "theme": "dark",
        "results": 2,
        "origin": None,
    }
    with pytest.raises(ValueError, match="auto, light, dark"):
        result.to_html(theme="green")


def test_in_a_notebook_it_is_a_frame_without_rights(result: LensResult) -> None:
    framed = result._repr_html_()
    assert re.fullmatch(
        r'<iframe sandbox="allow-scripts allow-downloads allow-modals" srcdoc="[^"]*" style="[^"]*" title="Stratalens"></iframe>',
        framed,
    )


def test_v2_needs_all_trajectories(lens: LensClient) -> None:
    for wanted in (False, 0.3):
        with pytest.raises(ValueError, match="trajectories=True"):
            lens.analyze(PROMPT, trajectories=wanted).to_v2_json()


@pytest.mark.parametrize("data", [b"", b"a", b"abc", b"abcd", bytes(range(256)) * 3])
def test_packed_text_unpacks(data: bytes) -> None:
    text = packed(data)
    assert "<" not in text
    assert unpacked(text) == data


def unpacked(text: str) -> Any:
    """As docs/viewer-file.md says."""
    data = bytearray()
    for at in range(0, len(text), 5):
        group = text[at : at + 5].replace("}", "<")
        value = 0
        for digit in group.ljust(5, "|"):
            value = value * 85 + ord(digit) - ord("(")
        data += value.to_bytes(4, "big")[: len(group) - 1]
    return zlib.decompress(bytes(data), -zlib.MAX_WBITS)
