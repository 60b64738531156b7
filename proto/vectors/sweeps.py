"""Answers of Sweep."""

from __future__ import annotations

from damages import Change, after_the_summary, edited, places, set_field, twice, without

from stratalens import interventions, metrics
from stratalens.interventions import Intervention
from stratalens.metrics import Metric
from stratalens.request import sweep_message
from stratalens.v1 import lens_service_pb2

Event = lens_service_pb2.SweepEvent


def asked(intervention: Intervention, metric: Metric, by_head: bool = False, request_id: str = "") -> lens_service_pb2.SweepRequest:
    return sweep_message("The capital of France is", intervention, metric, {"by_head": by_head, "request_id": request_id})


RECORDED: dict[str, tuple[str, lens_service_pb2.SweepRequest]] = {
    "patch": (
        "rows of another prompt, at some layers and all tokens",
        asked(
            interventions.replace_from("The capital of Italy is", layers=[0, 5, 9]),
            metrics.logit_difference(" Rome", " Paris"),
            request_id="a sweep",
        ),
    ),
    "heads": (
        "each attention head alone",
        asked(
            interventions.set_zero(site="attention-heads", layers=[6, 7], positions=[4, 5]),
            metrics.log_probability(" Paris", position=-1),
            by_head=True,
        ),
    ),
    "embedding": (
        "the embedding, all heads together, and how far the output moves",
        asked(interventions.set_zero(site="embedding", skip_first_token=True), metrics.kl_from_unchanged()),
    ),
}


def cells_outside(events: list[Event]) -> None:
    """The last cells begin one too late."""
    events[places(events, "cells")[-1]].cells.first_cell += 1


def cells_first(events: list[Event]) -> None:
    events.insert(places(events, "prompt_chunk")[0], events.pop(places(events, "cells")[0]))


def newer(events: list[Event]) -> None:
    unknown = Event.FromString(bytes([0xC2, 0x0C, 0x03]) + b"new")
    for kind in ("cells", "header"):
        events.insert(places(events, kind)[0], unknown)
    events.append(unknown)


GOOD_VARIANTS: dict[str, tuple[str, str, Change]] = {
    "unknown-events": ("patch", "events of a newer contract are ignored", newer),
}

DAMAGES: dict[str, tuple[str, str, Change]] = {
    "nothing": ("patch", "there are no events", lambda events: events.clear()),
    "missing-header": ("patch", "the header is missing", without("header")),
    "two-headers": ("patch", "the header comes twice", twice("header")),
    "missing-prompt": ("patch", "the prompt is missing", without("prompt_chunk")),
    "missing-cells": ("patch", "cells are missing", without("cells")),
    "cells-twice": ("patch", "cells come twice", twice("cells")),
    "cells-outside": ("patch", "cells come that are not in the grid", cells_outside),
    "cells-first": ("patch", "cells come before the prompt", cells_first),
    "short-cells": ("heads", "one cell is missing", edited("cells", lambda it: it.values.pop(), -1)),
    "missing-summary": ("patch", "the summary is missing", without("summary")),
    "two-summaries": ("patch", "the summary comes twice", twice("summary")),
    "cell-count": (
        "patch",
        "the summary counts one cell too many",
        edited("summary", lambda it: setattr(it, "cell_count", it.cell_count + 1)),
    ),
    "after-the-summary": ("patch", "cells come after the summary", after_the_summary("cells")),
    "no-layers": ("patch", "the header has no layers", edited("header", lambda it: it.ClearField("layers"))),
    "other-positions": ("patch", "header and prompt have different positions", edited("header", lambda it: it.positions.pop())),
    "negative-cell": ("patch", "cells begin before the first one", edited("cells", set_field("first_cell", -1))),
}
