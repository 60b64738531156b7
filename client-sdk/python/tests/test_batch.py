"""Batches."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from queue import Queue

import numpy as np
import pytest
from test_batch_again import Read, read_async
from test_stream import await_idle

from stratalens import BatchItem, LensClient
from stratalens.errors import InvalidRequestError

PROMPTS = [f"The capital of {country} is" for country in ("France", "Italy", "Spain", "Germany", "Japan")]


def last_word(item: BatchItem) -> str:
    return item.result.info.final_tops[-1].token.text


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


def test_an_event_loop_reads_several_at_once(lens: LensClient) -> None:
    async def words(target: str) -> list[str]:
        batch = lens.batch(PROMPTS, positions=-1, targets=[target], progress=True)
        words = [last_word(item) async for item in batch]
        with pytest.raises(RuntimeError, match="read once"):
            _ = [item async for item in batch]
        return words

    async def both() -> list[list[str]]:
        return list(await asyncio.gather(words(" Paris"), words(" Rome")))

    alone = [last_word(item) for item in lens.batch(PROMPTS, positions=-1)]
    assert alone[:2] == [" Paris", " Rome"]
    assert asyncio.run(both()) == [alone, alone]


class Endless:
    """Prompts without end; counts how many are taken and not answered."""

    def __init__(self) -> None:
        self.taken = self.answered = self.most = 0

    def __iter__(self) -> Iterator[str]:
        while True:
            self.taken += 1
            self.most = max(self.most, self.taken - self.answered)
            yield f"The number {self.taken}"


@pytest.mark.parametrize("ordered", [False, True])
def test_prompts_are_taken_as_answers_are(lens: LensClient, ordered: bool) -> None:
    window = lens.server().limits.batch_window
    prompts = Endless()
    answers = iter(lens.batch(prompts, positions=-1, trajectories=False, ordered=ordered))
    for _, _item in zip(range(20), answers, strict=False):
        prompts.answered += 1
    # An answer is on its way to this loop before the loop has counted it.
    assert window >= 16
    assert prompts.most <= window + 1


def test_prompts_are_taken_as_answers_are_in_an_event_loop(lens: LensClient) -> None:
    async def most() -> int:
        prompts = Endless()
        async for _ in lens.batch(prompts, positions=-1, trajectories=False):
            prompts.answered += 1
            if prompts.answered == 20:
                break
            await asyncio.sleep(0)
        return prompts.most

    assert asyncio.run(most()) <= lens.server().limits.batch_window + 1
    await_idle(lens)


def test_prompts_may_wait_for_an_answer(lens: LensClient) -> None:
    answers: Queue[str] = Queue()

    def prompts() -> Iterator[str]:
        text = PROMPTS[0]
        for _ in range(3):
            yield text
            text += answers.get()

    items = []
    for item in lens.batch(prompts(), positions=-1, trajectories=False):
        items.append(item)
        answers.put(last_word(item))
    assert [item.index for item in items] == [0, 1, 2]
    assert str(items[2].prompt).startswith(f"{PROMPTS[0]} Paris")


@pytest.mark.parametrize("read", [list, read_async], ids=["for", "async for"])
def test_a_fault_of_the_prompts_is_that_fault(lens: LensClient, read: Read) -> None:
    def broken() -> Iterator[str]:
        yield "one"
        raise LookupError("the file of prompts is damaged")

    with pytest.raises(LookupError, match="damaged"):
        read(lens.batch(broken()))


def test_what_all_ask_for_is_checked_for_each(lens: LensClient) -> None:
    (item,) = lens.batch(["one"], layers=99)
    assert isinstance(item.error, InvalidRequestError)
    assert item.error.detail.field.startswith("layers[0]")
