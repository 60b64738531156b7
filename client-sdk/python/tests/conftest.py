"""A server on the demo model, for all tests: that of the tree, or the one at TESTED_SERVER."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

import stratalens
from stratalens import LensClient, LensResult

TREE = Path(__file__).resolve().parents[3]
TUNED = TREE / "models/demo/lenses/tuned.safetensors"
LAUNCHER = os.environ.get("STRATALENS", str(TREE / "stratalens"))
PROMPT = "The capital of France is"


@pytest.fixture(scope="session")
def lens() -> Iterator[LensClient]:
    address = os.environ.get("TESTED_SERVER")
    with (
        stratalens.connect(address)
        if address
        else stratalens.local("demo", options=["--set", f"lenses.demo=tuned={TUNED}"], launcher=LAUNCHER) as client
    ):
        yield client


@pytest.fixture(scope="session")
def result(lens: LensClient) -> LensResult:
    """Both lenses, all kinds of targets, all columns, sites inside blocks, attribution."""
    return lens.analyze(
        PROMPT,
        lenses=["logit", "raw"],
        sites=["embedding", "attention-output", "block-output"],
        targets=[" Paris", stratalens.NEXT_TOKEN, stratalens.FINAL_TOP, 5],
        statistics=["all", "kl-from-next", "cross-entropy"],
        attribution=True,
    )
