"""What is asked, as messages; and what cannot be asked."""

from __future__ import annotations

import inspect
import re
from typing import Any

import numpy as np
import pytest

from stratalens import FINAL_TOP, NEXT_TOKEN, Chat, LensClient
from stratalens.candidates import candidates_name
from stratalens.indexes import layer_ranges, position_ranges
from stratalens.prompts import prompt_message
from stratalens.request import Asked, Request
from stratalens.v1 import lens_pb2


def ranges(messages: list[lens_pb2.IndexRange]) -> list[tuple[int, int, int]]:
    return [(each.first, each.last, each.stride or 1) for each in messages]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (None, []),
        (3, [(3, 3, 1)]),
        (-1, [(-1, -1, 1)]),
        ([0, 2, -1], [(0, 0, 1), (2, 2, 1), (-1, -1, 1)]),
        (np.arange(2), [(0, 0, 1), (1, 1, 1)]),
        (np.int64(-2), [(-2, -2, 1)]),
        (iter([1, 2]), [(1, 1, 1), (2, 2, 1)]),
        (range(2, 9, 3), [(2, 8, 3)]),
        (slice(None), [(0, -1, 1)]),
        (slice(-4, None), [(-4, -1, 1)]),
        (slice(2, 5), [(2, 4, 1)]),
        (slice(2, 9, 3), [(2, 8, 3)]),
        (slice(0, 6, 4), [(0, 4, 4)]),
        (slice(None, -1), [(0, -2, 1)]),
        (slice(0, None, 4), [(0, -1, 4)]),
        ([slice(0, 2), -1], [(0, 1, 1), (-1, -1, 1)]),
    ],
)
def test_positions_are_ranges(given: Any, expected: list[tuple[int, int, int]]) -> None:
    assert ranges(position_ranges(given)) == expected


@pytest.mark.parametrize(
    "given", [slice(3, 3), slice(0, 0), slice(5, 2), range(3, 3), range(3, 0, -1), slice(3, None, -1), slice(1, -1, 2)]
)
def test_ranges_without_elements_are_refused(given: Any) -> None:
    with pytest.raises(ValueError, match=r"."):
        position_ranges(given)


def test_a_bare_minus_one_is_no_layer() -> None:
    with pytest.raises(ValueError, match=r"embedding.*layers=slice\(-1, None\)"):
        layer_ranges(-1)
    assert ranges(layer_ranges(slice(-1, None))) == [(-1, -1, 1)]


def test_targets_and_columns_come_back_from_the_message() -> None:
    request = Request.of(
        "a", {"targets": [NEXT_TOKEN, FINAL_TOP, " Paris", 7], "statistics": ["margin", "entropy"], "lenses": "raw"}
    )
    assert request.targets == (NEXT_TOKEN, FINAL_TOP, " Paris", 7)
    assert [column.name for column in request.columns] == ["entropy", "margin"]
    assert request.lenses == ("raw",)
    assert Request.of("a", {"targets": " Paris"}).targets == (" Paris",)


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"top_k": 0}, "top_k 0 is outside 1 .. 100"),
        ({"attribution": True}, "needs a target"),
        ({"lenses": ["raw", "raw"]}, "a lens occurs twice"),
        ({"sites": "middle"}, "there is no site 'middle'; choose from embedding"),
        ({"statistics": "kl"}, "there is no statistic 'kl'; choose from log-sum-exp"),
        ({"candidates": "best"}, "there is no rule 'best'"),
        ({"candidates": "contrast:tuned"}, "add it to lenses"),
        ({"targets": ""}, "the target is empty"),
        ({"targets": -3}, "token id -3 is outside 0"),
        ({"layers": []}, "names no layer; leave it out for all"),
        ({"layers": iter([-1])}, "could be the embedding"),
        ({"layers": np.int64(-1)}, "could be the embedding"),
        ({"positions": []}, "names no position"),
        ({"lenses": []}, "names no lens"),
        ({"sites": ()}, "names no site"),
    ],
)
def test_what_cannot_be_asked_is_named_with_the_remedy(asked: Any, words: str) -> None:
    with pytest.raises((ValueError, TypeError), match=words):
        Request.of("a", asked)


def test_signatures_and_help_name_what_can_be_asked() -> None:
    for method in (LensClient.analyze, LensClient.analyze_async, LensClient.stream, LensClient.batch, LensClient.generate):
        signature = inspect.signature(method)
        assert {"lenses", "top_k", "timeout"} <= set(signature.parameters)
        assert "ForwardRef" not in str(signature)
        help_of_options = re.findall(r"^(\w+): ", inspect.getdoc(method) or "", re.MULTILINE)
        assert set(Asked.__annotations__) <= set(help_of_options)


def test_none_stands_for_the_default() -> None:
    nothing: Asked = dict.fromkeys(Asked.__annotations__)  # type: ignore[assignment]
    assert Request.of("a", nothing).message == Request.of("a", {}).message


@pytest.mark.parametrize("rule", ["words", "least-likely", "contrast:4", "contrast:raw", "contrast:transport:tuned"])
def test_rules_for_predictions_have_the_names_of_files(rule: str) -> None:
    request = Request.of("a", {"lenses": ["logit", "raw", "tuned"], "candidates": rule})
    assert candidates_name(request.message.candidates, request.lenses) == rule
    assert not Request.of("a", {"candidates": "most-likely"}).message.HasField("candidates")


def test_prompts() -> None:
    assert prompt_message("é", special_tokens=False) == lens_pb2.Prompt(text="é", omit_special_tokens=True)
    assert list(prompt_message(np.array([3, 4])).token_ids.ids) == [3, 4]
    chat = prompt_message(Chat([{"role": "user", "content": "Hi"}], template_arguments={"enable_thinking": False})).chat
    assert chat.messages[0].content == "Hi"
    assert chat.template_arguments["enable_thinking"] is False
    with pytest.raises(TypeError, match=r"Chat\("):
        prompt_message([{"role": "user", "content": "Hi"}])  # type: ignore[list-item]
