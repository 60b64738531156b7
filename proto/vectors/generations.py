"""Answers of Generate."""

from __future__ import annotations

from typing import Any

from damages import Change, after_the_summary, cut_before, edited, places, set_field, twice, without

from stratalens import NEXT_TOKEN, Sampling, directions, interventions
from stratalens.generation import options_message
from stratalens.prompts import Prompt
from stratalens.request import Asked, Request
from stratalens.v1 import lens_service_pb2

Event = lens_service_pb2.Event
COUNT = "one two three one two"
ROME, CHARACTER = [1710], [163, 251, 123, 174]


def asked(prompt: Prompt, options: dict[str, Any], reading: Asked) -> lens_service_pb2.GenerateRequest:
    chosen: dict[str, Any] = {
        "max_tokens": None,
        "sampling": None,
        "forced": (),
        "stop_texts": (),
        "ignore_end_tokens": False,
    } | options
    return lens_service_pb2.GenerateRequest(request=Request.of(prompt, reading).message, options=options_message(**chosen))


RECORDED: dict[str, tuple[str, lens_service_pb2.GenerateRequest]] = {
    "greedy": (
        "the best tokens, with targets, columns that depend on the next token, and trajectories",
        asked(
            COUNT,
            {"max_tokens": 3},
            {"layers": [0, 9], "targets": [NEXT_TOKEN, " four"], "statistics": ["entropy", "cross-entropy"], "top_k": 2},
        ),
    ),
    "forced-and-stopped": (
        "a forced token, and a text that ends the generation; numbers as float32",
        asked(
            "The capital of France is",
            {"forced": ROME, "stop_texts": ["."]},
            {"layers": [5, 9], "positions": -1, "top_k": 2, "exact": True, "statistics": ["kl-from-next"]},
        ),
    ),
    "drawn": (
        "tokens drawn with a seed, and the last one ends the text",
        asked(
            "The capital of France is",
            {"sampling": Sampling(temperature=1.5, top_k=40, top_p=0.9, seed=2**64 - 7)},
            {"layers": [9], "positions": [-1], "top_k": 2, "trajectories": False, "statistics": ()},
        ),
    ),
    "two-lenses": (
        "two lenses, one of which does not have all read points",
        asked(
            "The language of",
            {"max_tokens": 2},
            {
                "candidates": "words",
                "lenses": ["logit", "tuned"],
                "sites": ["embedding", "block-output"],
                "layers": [9],
                "positions": -1,
                "top_k": 2,
            },
        ),
    ),
    "steered": (
        "the generated tokens are changed, and predictions are words",
        asked(
            "The capital of France is",
            {"max_tokens": 3, "ignore_end_tokens": True},
            {
                "interventions": interventions.add(directions.token(" Rome"), share=2, layers=9, generated="only"),
                "candidates": "words",
                "layers": [8, 9],
                "positions": -1,
                "top_k": 2,
            },
        ),
    ),
    "parts-of-characters": (
        "tokens that are parts of characters",
        asked("né", {"forced": CHARACTER, "max_tokens": 4}, {"layers": [9], "positions": -1, "top_k": 1, "trajectories": False}),
    ),
    "ids": (
        "a prompt of vocabulary ids, without places of its tokens",
        asked([0, 350, 7, 9], {"max_tokens": 2}, {"layers": [9], "top_k": 1, "request_id": "a request"}),
    ),
}


def first_token_too_early(events: list[Event]) -> None:
    at = places(events, "generated_token")[0]
    cells = [each for each in places(events, "cell_chunk") if each < at]
    events.insert(cells[-1], events.pop(at))


def no_tokens(events: list[Event]) -> None:
    """The prompt alone, and a generation of nothing."""
    first, end = places(events, "generated_token")[0], places(events, "generation_summary")[0]
    del events[first:end]
    events[first].generation_summary.token_count = 0


def of_the_rows(kind: str, which: int) -> Change:
    """Leaves out an event of a kind after the first token."""

    def change(events: list[Event]) -> None:
        first = places(events, "generated_token")[0]
        del events[[at for at in places(events, kind) if at > first][which]]

    return change


def row_twice(events: list[Event]) -> None:
    at = places(events, "cell_chunk")[-1]
    events.insert(at, events[at])


def after_the_end(events: list[Event]) -> None:
    end = places(events, "generation_summary")[0]
    events.insert(end, events.pop(places(events, "trajectory_chunk")[-1]))


def other_next(events: list[Event]) -> None:
    """Another known token comes first, with its own text, while the target still says which the model chose."""
    chosen = events[places(events, "generated_token")[0]].generated_token
    table = events[places(events, "prompt_chunk")[0]].prompt_chunk.new_tokens
    chosen.text = " two"
    chosen.id = table.ids[list(table.texts).index(b" two")]


def other_next_in_a_row(events: list[Event]) -> None:
    """After the second token comes another than the target " four"."""
    second = places(events, "generated_token")[1]
    chunk = events[next(at for at in places(events, "target_chunk") if at > second)].target_chunk
    chunk.target_ids[0] = chunk.target_ids[1]


def newer(events: list[Event]) -> None:
    """Events of a newer contract, and a phase that only it has."""
    unknown = Event.FromString(bytes([0xC2, 0x0C, 0x03]) + b"new")
    for kind in ("summary", "generated_token", "header"):
        events.insert(places(events, kind)[0], unknown)
    events.append(unknown)


GOOD_VARIANTS: dict[str, tuple[str, str, Change]] = {
    "unknown-events": ("greedy", "events of a newer contract are ignored", newer),
}

DAMAGES: dict[str, tuple[str, str, Change]] = {
    "nothing": ("greedy", "there are no events", lambda events: events.clear()),
    "missing-header": ("greedy", "the header is missing", without("header")),
    "missing-summary": ("greedy", "the summary is missing", without("summary")),
    "two-summaries": ("greedy", "the summary comes twice", twice("summary")),
    "missing-end": ("greedy", "how the generation ended is missing", without("generation_summary")),
    "two-ends": ("greedy", "how the generation ended comes twice", twice("generation_summary")),
    "no-tokens": ("greedy", "the generation ends without a token", no_tokens),
    "token-count": ("greedy", "the end counts one token too many", edited("generation_summary", set_field("token_count", 4))),
    "cell-count": (
        "greedy",
        "the summary counts one cell too many",
        edited("summary", lambda it: setattr(it, "cell_count", it.cell_count + 1)),
    ),
    "missing-token": ("greedy", "a token is missing", without("generated_token", 1)),
    "token-twice": ("greedy", "a token comes twice", twice("generated_token", 1)),
    "other-position": (
        "greedy",
        "a token is for another position",
        edited("generated_token", lambda it: setattr(it, "position", it.position + 1), 1),
    ),
    "token-too-early": ("greedy", "the first token comes before the last layer of the prompt", first_token_too_early),
    "end-before-the-last-row": ("greedy", "the last row comes after the end", after_the_end),
    "missing-row-targets": ("greedy", "the targets of a row are missing", of_the_rows("target_chunk", 0)),
    "missing-row-cells": ("greedy", "a layer of a row is missing", of_the_rows("cell_chunk", 1)),
    "missing-last-row-cells": ("greedy", "a layer of the last row is missing", of_the_rows("cell_chunk", -1)),
    "missing-row-trajectory": ("greedy", "the trajectories of a row are missing", of_the_rows("trajectory_chunk", 0)),
    "row-twice": ("greedy", "a layer of the last row comes twice", row_twice),
    "other-next": ("greedy", "the prompt's next token is said to be another than came", other_next),
    "other-next-in-a-row": ("greedy", "the next token of a row is said to be another than came", other_next_in_a_row),
    "not-forced": (
        "forced-and-stopped",
        "the forced token came as one that was chosen",
        edited("generated_token", set_field("forced", False)),
    ),
    "unasked-forced": (
        "forced-and-stopped",
        "a token came as forced that was not",
        edited("generated_token", set_field("forced", True), 1),
    ),
    "cut": ("greedy", "the stream ends after the second token", cut_before("generated_token", 2)),
    "after-the-summary": ("drawn", "a token comes after the summary", after_the_summary("generated_token")),
    "other-candidates": (
        "steered",
        "the header has another rule for the predictions than was asked for",
        edited("header", lambda it: it.ClearField("candidates")),
    ),
    "no-self-check": ("drawn", "the summary has no self-check", edited("summary", lambda it: it.ClearField("self_check"))),
}
