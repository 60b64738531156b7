"""Batches."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from stratalens import LensClient
from stratalens.errors import InvalidRequestError

PROMPTS = [f"The capital of {country} is" for country in ("France", "Italy", "Spain", "Germany", "Japan")]


def test_answers_are_those_of_single_analyses(lens: LensClient) -> None:
    items = list(lens.batch(PROMPTS, positions=-1, targets=[" Paris"], progress=True))
    assert [item.index for item in items] == list(range(5))
    for item in items:
        alone = lens.analyze(item.prompt, positions=-1, targets=[" Paris"])
        np.testing.assert_array_equal(item.result.top_k.ids.values, alone.top_k.ids.values)
        np.testing.assert_array_equal(item.result.entropy.values, alone.entropy.values)


def test_a_failed_prompt_does_not_end_the_others(lens: LensClient) -> None:
    items = {item.index: item for item in lens.batch(["one", "", "two"], ordered=False)}
    assert sorted(items) == [0, 1, 2]
    assert items[0].error is None
    assert isinstance(items[1].error, InvalidRequestError)
    with pytest.raises(InvalidRequestError, match="prompt"):
        _ = items[1].result


@pytest.mark.parametrize("ordered", [False, True])
def test_prompts_are_taken_as_answers_are(lens: LensClient, ordered: bool) -> None:
    window = lens.server().limits.batch_window
    taken = answered = most = 0

    def endless() -> Iterator[str]:
        nonlocal taken, most
        while True:
            taken += 1
            most = max(most, taken - answered)
            yield f"The number {taken}"

    answers = lens.batch(endless(), positions=-1, trajectories=False, ordered=ordered)
    for _, _item in zip(range(20), answers, strict=False):
        answered += 1
    answers.close()  # type: ignore[attr-defined]
    # An answer is on its way to this loop before the loop has counted it.
    assert window >= 16
    assert most <= window + 1


def test_a_fault_of_the_prompts_is_that_fault(lens: LensClient) -> None:
    def broken() -> Iterator[str]:
        yield "one"
        raise LookupError("the file of prompts is damaged")

    with pytest.raises(LookupError, match="damaged"):
        list(lens.batch(broken()))


def test_what_all_ask_for_is_checked_for_each(lens: LensClient) -> None:
    (item,) = lens.batch(["one"], layers=99)
    assert isinstance(item.error, InvalidRequestError)
    assert item.error.detail.field.startswith("layers[0]")
