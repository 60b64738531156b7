"""Answers of Analyze to a changed pass, with its effect."""

from __future__ import annotations

from damages import Change, edited, places, twice, without, without_all

from stratalens import NEXT_TOKEN, interventions, metrics
from stratalens.request import Request
from stratalens.v1 import lens_service_pb2

Event = lens_service_pb2.Event
PROMPT = "The capital of France is"
PATCH = interventions.replace_from("The capital of Italy is", layers=2, positions=4)
METRICS = [
    metrics.logit_difference(" Rome", " Paris"),
    metrics.logit(" Rome"),
    metrics.log_probability(" Paris", position=-1),
    metrics.kl_from_unchanged(),
]

RECORDED: dict[str, tuple[str, lens_service_pb2.AnalyzeRequest]] = {
    "effect": (
        "a row of another prompt, and its effect on four metrics",
        Request.of(
            PROMPT,
            {
                "interventions": PATCH,
                "effect": METRICS,
                "layers": [1, 2, 9],
                "sites": ["embedding", "block-output"],
                "positions": [3, 4, 5],
                "top_k": 2,
                "statistics": (),
                "trajectories": False,
            },
        ).message,
    ),
    "all-reached": (
        "every row can differ, so there is no difference among those that cannot",
        Request.of(
            PROMPT,
            {
                "interventions": [interventions.scale(0.5, layers=0), interventions.skip_block(layers=4)],
                "effect": True,
                "layers": [9],
                "positions": [-1],
                "top_k": 2,
                "trajectories": False,
            },
        ).message,
    ),
    "unchanged-result": (
        "the whole result of the unchanged pass, too",
        Request.of(
            PROMPT,
            {
                "interventions": interventions.set_zero(site="feed-forward-output", layers=[6, 7], positions=-1),
                "unchanged": True,
                "layers": [5, 9],
                "targets": [NEXT_TOKEN, " Paris"],
                "positions": [-2, -1],
                "top_k": 2,
                "request_id": "changed",
            },
        ).message,
    ),
}


def of_the_unchanged(kind: str, which: int = 0) -> Change:
    """Leaves out an event of a kind of the unchanged result."""

    def change(events: list[Event]) -> None:
        own = [at for at in places(events, kind) if events[at].unchanged]
        del events[own[which]]

    return change


def without_unchanged(events: list[Event]) -> None:
    events[:] = [event for event in events if not event.unchanged]


def unasked_unchanged(events: list[Event]) -> None:
    copy = Event()
    copy.CopyFrom(events[places(events, "header")[0]])
    copy.unchanged = True
    events.insert(-1, copy)


def as_the_unchanged(kind: str) -> Change:
    """Marks an event of the changed result as one of the unchanged."""

    def change(events: list[Event]) -> None:
        own = [at for at in places(events, kind) if not events[at].unchanged]
        events[own[-1]].unchanged = True

    return change


def newer(events: list[Event]) -> None:
    """Events of a newer contract, in both results."""
    unknown = Event.FromString(bytes([0xC2, 0x0C, 0x03]) + b"new")
    for unchanged in (False, True):
        copy = Event()
        copy.CopyFrom(unknown)
        copy.unchanged = unchanged
        events.insert(len(events) // 2, copy)


GOOD_VARIANTS: dict[str, tuple[str, str, Change]] = {
    "unknown-events": ("unchanged-result", "events of a newer contract are ignored in both results", newer),
}

DAMAGES: dict[str, tuple[str, str, Change]] = {
    "missing-effect": ("effect", "the effect is missing", without("intervention_effect")),
    "effect-twice": ("effect", "the effect comes twice", twice("intervention_effect")),
    "effect-first": (
        "effect",
        "the effect comes before the header",
        lambda events: events.insert(0, events.pop(places(events, "intervention_effect")[0])),
    ),
    "missing-metric": ("effect", "a metric is missing", edited("intervention_effect", lambda it: it.metrics.pop())),
    "too-many-metrics": (
        "all-reached",
        "a metric came that was not asked for",
        edited("intervention_effect", lambda it: it.metrics.add()),
    ),
    "missing-reached": (
        "effect",
        "what is reached at the last read point is missing",
        edited("intervention_effect", lambda it: it.reached.pop()),
    ),
    "reached-outside": (
        "effect",
        "a reached position is not in the result",
        edited("intervention_effect", lambda it: it.reached[0].positions.add(first=0, last=0, stride=1)),
    ),
    "missing-unchanged": ("unchanged-result", "the unchanged result is missing", without_unchanged),
    "missing-unchanged-summary": (
        "unchanged-result",
        "the summary of the unchanged result is missing",
        of_the_unchanged("summary"),
    ),
    "missing-unchanged-cells": ("unchanged-result", "a layer of the unchanged result is missing", of_the_unchanged("cell_chunk")),
    "missing-changed-cells": ("effect", "a layer is missing", without("cell_chunk", 1)),
    "unasked-unchanged": ("effect", "an unchanged result comes that was not asked for", unasked_unchanged),
    "cells-of-the-other": ("unchanged-result", "a layer comes as one of the unchanged result", as_the_unchanged("cell_chunk")),
    "no-summary": ("effect", "the summary is missing", without_all("summary")),
}
