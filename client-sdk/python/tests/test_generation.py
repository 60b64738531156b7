"""Generations."""

from __future__ import annotations

import asyncio

import numpy as np
import pytest
from conftest import PROMPT

import stratalens
from stratalens import GeneratedToken, LensClient, Sampling, directions, interventions
from stratalens.errors import NotAvailableError

COUNT = "one two three one two"


def test_tokens_come_one_by_one_and_are_those_of_an_analysis(lens: LensClient) -> None:
    asked = {"targets": [stratalens.NEXT_TOKEN, " four"], "statistics": ["entropy", "cross-entropy"], "exact": True}
    n = len(lens.tokenize(COUNT))
    stream = lens.generate(COUNT, max_tokens=4, **asked)  # type: ignore[arg-type]
    tokens = []
    for token in stream:
        tokens.append(token)
        read = stream.chosen_from
        assert read.positions == (tuple(range(n)) if len(tokens) == 1 else (token.position - 1,))
        assert read.top_k[9, token.position - 1][0].token == token.token
    result = stream.result
    assert result.tokens == tuple(tokens)
    assert [token.position for token in tokens] == [n, n + 1, n + 2, n + 3]
    assert result.text == " three four five six"
    assert result.stop_reason == "max-tokens"
    assert result.seed is None
    assert result.text == "".join(token.text for token in tokens)
    reading = result.reading
    assert reading.prompt == COUNT + result.text
    whole = lens.analyze([token.id for token in reading.tokens], **asked)  # type: ignore[arg-type]
    assert reading.positions == tuple(range(n + 4))
    np.testing.assert_array_equal(reading.top_k.ids.values[..., 0], whole.top_k.ids.values[..., 0])
    np.testing.assert_allclose(reading.entropy.values, whole.entropy.values, atol=1e-3)
    np.testing.assert_allclose(reading.cross_entropy.values, whole.cross_entropy.values, atol=1e-3)
    np.testing.assert_allclose(reading.target_log_probs[" four"].values, whole.target_log_probs[" four"].values, atol=1e-3)
    assert reading.info.targets[0].ids == whole.info.targets[0].ids
    assert reading.trajectories(n + 2).keys() == whole.trajectories(n + 2).keys()
    assert reading.crystallization_layer(n - 1) == tokens[0].settled_from == 6
    assert reading.to_json()
    assert "three four" in reading.to_html()


def test_draws_are_repeatable(lens: LensClient) -> None:
    drawn = lens.generate("The", max_tokens=8, sampling=Sampling(temperature=1.5), positions=-1).read()
    assert drawn.seed is not None
    again = lens.generate("The", max_tokens=8, sampling=Sampling(temperature=1.5, seed=drawn.seed), positions=-1).read()
    assert again.tokens == drawn.tokens
    greedy = lens.generate("The", max_tokens=8, positions=-1).read()
    same = lens.generate("The", max_tokens=8, sampling=Sampling(top_k=1, seed=1), positions=-1).read()
    assert same.text == greedy.text


def test_forced_tokens_and_stop_texts(lens: LensClient) -> None:
    (rome,) = [token.id for token in lens.tokenize(" Rome", special_tokens=False)]
    result = lens.generate(PROMPT, forced=[rome], stop_texts=".", max_tokens=20).read()
    assert result.tokens[0].text == " Rome"
    assert result.tokens[0].forced
    assert not result.tokens[1].forced
    assert result.stop_reason == "stop-text"
    assert result.text.endswith(".")


def test_a_token_that_ends_the_text(lens: LensClient) -> None:
    ended = lens.generate(PROMPT, max_tokens=60, positions=-1).read()
    assert ended.stop_reason == "end-token"
    assert ended.tokens[-1].text == ""
    longer = lens.generate(PROMPT, max_tokens=len(ended.tokens) + 2, positions=-1, ignore_end_tokens=True).read()
    assert longer.stop_reason == "max-tokens"


def test_characters_of_several_tokens_have_one_range(lens: LensClient) -> None:
    forced = [token.id for token in lens.tokenize("国🙂", special_tokens=False)]
    result = lens.generate("né", forced=forced, max_tokens=len(forced), positions=-1).read()
    assert result.text == "国🙂"
    whole = lens.tokenize("né国🙂")
    assert [(token.id, token.start, token.end) for token in result.reading.tokens] == [
        (token.id, token.start, token.end) for token in whole
    ]


def test_it_is_steered(lens: LensClient) -> None:
    rome = interventions.add(directions.token(" Rome"), share=2, layers=9, generated="only")
    changed = lens.generate(
        PROMPT, max_tokens=3, interventions=rome, candidates="words", positions=-1, ignore_end_tokens=True
    ).read()
    assert [token.text for token in changed.tokens] == [" Paris", " Rome", " Rome"]  # the first is chosen in the prompt
    assert changed.reading.info.candidates == "words"
    patch = interventions.replace_from("The capital of Italy is", layers=2, positions=4)
    assert lens.generate(PROMPT, max_tokens=1, interventions=patch).read().text == " Rome"


def test_async_and_several_at_a_time(lens: LensClient) -> None:
    async def first(prompt: str) -> GeneratedToken:
        stream = lens.generate(prompt, max_tokens=30)
        async for token in stream:
            return token
        raise AssertionError

    async def all_of_them() -> list[GeneratedToken]:
        return list(await asyncio.gather(first(PROMPT), first("The capital of Italy is")))

    assert [token.text for token in asyncio.run(all_of_them())] == [" Paris", " Rome"]
    assert asyncio.run(lens.generate(PROMPT, max_tokens=1).read_async()).text == " Paris"


def test_leaving_the_loop_leaves_no_result(lens: LensClient) -> None:
    stream = lens.generate(PROMPT, max_tokens=50, ignore_end_tokens=True)
    for token in stream:
        assert token.text == " Paris"
        break
    with pytest.raises(RuntimeError, match="not read to its end"):
        _ = stream.result
    with pytest.raises(RuntimeError, match="read once"):
        stream.read()


def test_refusals(lens: LensClient) -> None:
    for wrong in ({"max_tokens": 0}, {"stop_texts": [""]}, {"stop_texts": ["x"] * 17}):
        with pytest.raises(ValueError, match=r"max_tokens|stop text"):
            lens.generate(PROMPT, **wrong)
    for sampling in ({"temperature": 0.0}, {"top_p": 1.5}, {"top_k": 0}, {"seed": -1}):
        with pytest.raises(ValueError, match=r"temperature|top_|seed"):
            Sampling(**sampling)
    with pytest.raises(NotAvailableError, match="attribution"):
        lens.generate(PROMPT, targets=" Paris", attribution=True).read()
