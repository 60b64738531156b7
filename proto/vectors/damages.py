"""Changes of good answers: each by name, with the answer it is made of, and what is wrong (or to be ignored) then."""

from __future__ import annotations

from collections.abc import Callable

from stratalens.v1 import cells_pb2, intervention_pb2, lens_pb2, lens_service_pb2

Event = lens_service_pb2.Event
Change = Callable[[list[Event]], None]


def places(events: list[Event], kind: str) -> list[int]:
    return [at for at, event in enumerate(events) if event.WhichOneof("kind") == kind]


def without(kind: str, which: int = 0) -> Change:
    """Leaves out an event of a kind."""
    return lambda events: events.pop(places(events, kind)[which]) and None


def without_all(kind: str) -> Change:
    def change(events: list[Event]) -> None:
        events[:] = [event for event in events if event.WhichOneof("kind") != kind]

    return change


def twice(kind: str, which: int = 0) -> Change:
    """Repeats an event of a kind."""

    def change(events: list[Event]) -> None:
        at = places(events, kind)[which]
        events.insert(at, events[at])

    return change


def swapped(kind: str, one: int, other: int) -> Change:
    def change(events: list[Event]) -> None:
        first, second = places(events, kind)[one], places(events, kind)[other]
        events[first], events[second] = events[second], events[first]

    return change


def edited(kind: str, edit: Callable[..., object], which: int = 0) -> Change:
    """Edits the message of an event of a kind."""

    def change(events: list[Event]) -> None:
        edit(getattr(events[places(events, kind)[which]], kind))

    return change


def after_the_summary(kind: str) -> Change:
    return lambda events: events.append(events[places(events, kind)[0]])


def set_item(field: str, at: int, value: int) -> Callable[..., object]:
    return lambda message: getattr(message, field).__setitem__(at, value)


def set_field(field: str, value: object) -> Callable[..., object]:
    return lambda message: setattr(message, field, value)


def shorter(field: str) -> Callable[..., object]:
    return lambda message: getattr(message, field).pop()


def longer(field: str, value: float) -> Callable[..., object]:
    return lambda message: getattr(message, field).append(value)


def cut_before(kind: str, which: int = 0) -> Change:
    def change(events: list[Event]) -> None:
        del events[places(events, kind)[which] :]

    return change


def token_twice(chunk: cells_pb2.CellChunk) -> None:
    chunk.token_refs[1] = 1
    del chunk.token_ids[1]


def known_as_new(events: list[Event]) -> None:
    """An id that its position knows comes as a new one."""
    first, second = places(events, "cell_chunk")[:2]
    chunk = events[second].cell_chunk
    chunk.token_ids.insert(0, events[first].cell_chunk.token_ids[0])
    chunk.token_refs[0] = 0


def text_twice(events: list[Event]) -> None:
    table = events[places(events, "prompt_chunk")[0]].prompt_chunk.new_tokens
    chunk = events[places(events, "cell_chunk")[0]].cell_chunk
    chunk.new_tokens.ids.append(table.ids[0])
    chunk.new_tokens.texts.append(table.texts[0])


def no_text(chunk: cells_pb2.CellChunk) -> None:
    del chunk.new_tokens.ids[0], chunk.new_tokens.texts[0]


def trajectory_twice(events: list[Event]) -> None:
    """The last position's trajectories come again, with no id as a new one: nothing but their number is wrong."""
    at = places(events, "trajectory_chunk")[-1]
    again = Event.FromString(events[at].SerializeToString())
    chunk = again.trajectory_chunk
    known = max(chunk.token_refs)
    for place, ref in enumerate(chunk.token_refs):
        if ref == 0:
            known += 1
            chunk.token_refs[place] = known
    del chunk.token_ids[:]
    events.insert(at + 1, again)


def unknown_events(events: list[Event]) -> None:
    """Events and fields that only a newer contract has: kind 200, a field 100 of the summary, and an unknown phase."""
    unknown = Event.FromString(bytes([0xC2, 0x0C, 0x03]) + b"new")
    for kind in ("cell_chunk", "header"):
        events.insert(places(events, kind)[0], unknown)
    events.insert(0, Event(progress=lens_pb2.Progress(phase=99, done=1)))  # type: ignore[arg-type]
    summary = events[places(events, "summary")[0]].summary
    summary.MergeFromString(bytes([0xA0, 0x06, 0x01]))
    events.append(unknown)


def not_a_number(events: list[Event]) -> None:
    """The last layer comes exactly, because a number is not finite."""
    for at in places(events, "cell_chunk"):
        chunk = events[at].cell_chunk
        if chunk.read_point != 1:
            continue
        cells = chunk.position_count * 3
        del chunk.log_prob_codes[:], chunk.column_codes[:]
        chunk.log_probs.extend([float("nan"), float("-inf"), -1.5] * (cells // 3))
        chunk.column_values.extend([float("nan")] + [float("inf")] * (chunk.position_count - 1))


GOOD_VARIANTS: dict[str, tuple[str, str, Change]] = {
    "unknown-events": ("compact", "events, a field and a phase of a newer contract are ignored", unknown_events),
    "not-finite": ("plain", "numbers that are not finite come as float32 in a compact stream, and are kept", not_a_number),
}

DAMAGES: dict[str, tuple[str, str, Change]] = {
    "missing-summary": ("compact", "the summary is missing", without("summary")),
    "nothing": ("compact", "there are no events", lambda events: events.clear()),
    "missing-header": ("compact", "the header is missing", without("header")),
    "two-headers": ("compact", "the header comes twice", twice("header")),
    "missing-prompt": ("compact", "the prompt is missing", without("prompt_chunk")),
    "missing-targets": ("compact", "the ids of the targets are missing", without_all("target_chunk")),
    "missing-cells": ("compact", "a layer is missing", without("cell_chunk", 1)),
    "missing-last-cells": ("plain", "the last layer is missing", without("cell_chunk", -1)),
    "cells-twice": ("compact", "a layer comes twice", twice("cell_chunk", 1)),
    "last-cells-twice": ("compact", "the last layer comes twice", twice("cell_chunk", -1)),
    "wrong-order": ("compact", "two layers come in the wrong order", swapped("cell_chunk", 0, 1)),
    "missing-trajectory": ("compact", "the trajectories of a position are missing", without("trajectory_chunk", 1)),
    "trajectory-twice": ("compact", "the trajectories of the last position come twice", trajectory_twice),
    "trajectories-first": (
        "compact",
        "trajectories come before the last layer",
        lambda events: events.insert(places(events, "cell_chunk")[-1], events.pop(places(events, "trajectory_chunk")[0])),
    ),
    "cut": ("compact", "the stream ends after the first layer", cut_before("cell_chunk", 1)),
    "after-the-summary": ("plain", "a layer comes after the summary", after_the_summary("cell_chunk")),
    "two-summaries": ("plain", "the summary comes twice", twice("summary")),
    "cell-count": (
        "compact",
        "the summary counts one cell too many",
        edited("summary", lambda it: setattr(it, "cell_count", it.cell_count + 1)),
    ),
    "no-self-check": ("compact", "the summary has no self-check", edited("summary", lambda it: it.ClearField("self_check"))),
    "omitted-rows": (
        "least-peak",
        "the summary counts one omitted trajectory too few",
        edited("summary", lambda it: setattr(it, "omitted_row_count", it.omitted_row_count - 1)),
    ),
    "other-top-k": (
        "compact",
        "the header promises fewer predictions than were asked for",
        edited("header", set_field("top_k", 4)),
    ),
    "other-statistics": (
        "compact",
        "the header promises fewer columns than were asked for",
        edited("header", shorter("statistics")),
    ),
    "other-targets": ("compact", "the header has other targets than were asked for", edited("header", shorter("targets"))),
    "other-lenses": ("two-lenses", "the header has fewer lenses than were asked for", edited("header", shorter("lenses"))),
    "other-form": (
        "compact",
        "the header promises float32, which was not asked for",
        edited("header", set_field("number_form", lens_pb2.NUMBER_FORM_FLOAT32)),
    ),
    "other-request-id": ("ids", "the header has another id of the request", edited("header", set_field("request_id", "other"))),
    "other-ids": ("ids", "the prompt has other ids than were sent", edited("prompt_chunk", set_item("token_ids", 1, 0))),
    "other-candidates": (
        "candidates",
        "the header has another rule for the predictions than was asked for",
        edited("header", lambda it: it.ClearField("candidates")),
    ),
    "no-trajectories": (
        "compact",
        "the header promises no trajectories, which were asked for",
        edited("header", set_field("has_trajectories", False)),
    ),
    "unasked-site": (
        "compact",
        "a read point is at a site that was not asked for",
        edited("header", lambda it: setattr(it.read_points[0], "site", lens_pb2.SITE_ATTENTION_OUTPUT)),
    ),
    "descending-read-points": (
        "compact",
        "the read points descend",
        edited("header", lambda it: setattr(it.read_points[0], "block", 9)),
    ),
    "position-count": (
        "compact",
        "the header promises one position too many",
        edited("header", lambda it: setattr(it, "position_count", it.position_count + 1)),
    ),
    "too-many-tokens": (
        "compact",
        "the prompt has more tokens than the header promises",
        edited("header", lambda it: setattr(it, "token_count", it.token_count - 1)),
    ),
    "other-target-id": (
        "compact",
        "a target has another id than it should",
        edited("target_chunk", lambda it: it.target_ids.__setitem__(0, it.target_ids[4])),
    ),
    "not-missing": (
        "compact",
        "the next token of the last position is not listed as missing",
        edited("target_chunk", lambda it: it.missing.pop(), -1),
    ),
    "unknown-lens": ("compact", "a layer is of a lens that was not asked for", edited("cell_chunk", set_field("lens", 1))),
    "unknown-read-point": (
        "compact",
        "a layer is of a read point that the header does not have",
        edited("cell_chunk", set_field("read_point", 3)),
    ),
    "too-many-positions": (
        "compact",
        "a layer has more positions than there are",
        edited("cell_chunk", lambda it: setattr(it, "position_count", it.position_count + 1)),
    ),
    "short-references": ("compact", "a layer has one reference too few", edited("cell_chunk", shorter("token_refs"))),
    "short-codes": ("compact", "a layer has one code too few", edited("cell_chunk", shorter("log_prob_codes"))),
    "short-column": ("compact", "a column has one value too few", edited("cell_chunk", shorter("column_codes"))),
    "short-ranks": ("compact", "a layer has one rank too few", edited("cell_chunk", shorter("target_ranks"))),
    "short-targets": ("compact", "a layer has one value of a target too few", edited("cell_chunk", shorter("target_codes"))),
    "long-targets": ("compact", "a layer has one value of a target too many", edited("cell_chunk", longer("target_codes", 1))),
    "short-floats": ("exact", "a layer has one float too few", edited("cell_chunk", shorter("log_probs"))),
    "codes-and-floats": ("compact", "a layer has codes and floats", edited("cell_chunk", longer("log_probs", -1))),
    "codes-for-floats": (
        "exact",
        "codes come, but float32 was asked for",
        edited("cell_chunk", lambda it: (it.log_prob_codes.extend([0] * len(it.log_probs)), it.ClearField("log_probs"))),
    ),
    "token-twice": ("plain", "a cell has a token twice", edited("cell_chunk", token_twice)),
    "known-as-new": ("plain", "an id comes as new that its position has already had", known_as_new),
    "reference-too-far": (
        "compact",
        "a reference is to an id that has not come",
        edited("cell_chunk", set_item("token_refs", 0, 99)),
    ),
    "no-new-id": ("compact", "a reference takes a new id, but there is none", edited("cell_chunk", shorter("token_ids"))),
    "unused-id": ("compact", "a new id is not referred to", edited("cell_chunk", longer("token_ids", 5))),
    "no-text": ("plain", "an id has no text", edited("cell_chunk", no_text)),
    "text-twice": ("plain", "the text of an id comes twice", text_twice),
    "texts-and-ids": (
        "plain",
        "a token table has more ids than texts",
        edited("prompt_chunk", lambda it: it.new_tokens.ids.append(3000)),
    ),
    "outside-the-vocabulary": (
        "plain",
        "an id is outside the vocabulary",
        edited("prompt_chunk", lambda it: (it.new_tokens.ids.append(3072), it.new_tokens.texts.append(b"x"))),
    ),
    "not-best-first": (
        "compact",
        "the predictions of a cell are not best first",
        edited("cell_chunk", set_item("log_prob_codes", 1, -1)),
    ),
    "negative-code": (
        "compact",
        "differences lead to a code below 0",
        edited("cell_chunk", lambda it: it.column_codes.__setitem__(6, -1)),
    ),
    "code-too-large": (
        "compact",
        "differences lead to a code above those of all floats",
        edited("cell_chunk", set_item("log_prob_codes", 4, 100_000)),
    ),
    "rank-0": ("compact", "an existing target has the rank 0", edited("cell_chunk", set_item("target_ranks", 0, 0))),
    "rank-too-large": ("compact", "a rank is larger than the vocabulary", edited("cell_chunk", set_item("target_ranks", 0, 3073))),
    "value-where-none-is": (
        "compact",
        "a column has a value at the last token, where it has none",
        edited("cell_chunk", lambda it: it.column_codes.__setitem__(-1, 7)),
    ),
    "short-trajectory": ("compact", "a trajectory has one value too few", edited("trajectory_chunk", shorter("log_prob_codes"))),
    "untracked-token": (
        "least-peak",
        "a trajectory is of a token that is not tracked",
        edited("trajectory_chunk", lambda it: (it.token_refs.append(0), it.token_ids.append(0))),
    ),
    "missing-part": ("attribution", "a part of the attribution is missing", without("attribution_chunk", 2)),
    "part-twice": ("attribution", "a part of the attribution comes twice", twice("attribution_chunk", 2)),
    "missing-logits": ("attribution", "the attributed logits are missing", without_all("attributed_logits_chunk")),
    "short-shares": (
        "attribution",
        "a part of the attribution has one share too few",
        edited("attribution_chunk", shorter("shares")),
    ),
    "unasked-attribution": (
        "plain",
        "an attribution comes that was not asked for",
        lambda events: events.insert(-1, Event(attribution_chunk=lens_pb2.AttributionChunk(position_count=1))),
    ),
    "unasked-effect": (
        "plain",
        "an effect of interventions comes that was not asked for",
        lambda events: events.insert(-1, Event(intervention_effect=intervention_pb2.InterventionEffect())),
    ),
    "no-read-points-of-a-lens": (
        "fitted-lens",
        "a lens has no read points",
        edited("header", lambda it: it.readings[1].ClearField("read_points")),
    ),
}
