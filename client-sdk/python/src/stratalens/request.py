"""Requests: what a caller asks, and the message that says it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypedDict, TypeVar

from stratalens.arguments import of_kind, several, text, whole, wrong_type
from stratalens.candidates import candidates_message
from stratalens.columns import BY_NUMBER, Column, columns_of
from stratalens.indexes import Indexes, layer_ranges, position_ranges
from stratalens.interventions import Intervention, interventions_of
from stratalens.keywords import naming
from stratalens.lenses import lens_message, lens_name
from stratalens.metrics import METRICS, Metric
from stratalens.places import BLOCK_OUTPUT, SITE_NAMES, site_number
from stratalens.prompts import Prompt, prompt_message
from stratalens.targets import TARGETS, PositionTarget, Target, target_message
from stratalens.v1 import intervention_pb2, lens_pb2, lens_service_pb2

DEFAULT_STATISTICS: Iterable[str] = ("log-sum-exp", "entropy", "kl-from-final")


_Value = TypeVar("_Value")


class Asked(TypedDict, total=False):
    """What may be asked of a prompt. Each has a default, which None stands for.

    model: name of a served model; by default the only one.
    lenses: ``"logit"`` (the default), ``"raw"`` (without the final norm), and names of fitted lenses of the model.
    layers: blocks to read; by default all. ``slice(-4, None)`` are the last four.
    sites: where to read: ``"block-output"`` (the default), ``"embedding"``, and inside blocks ``"attention-output"``,
        ``"attention-residual"``, ``"feed-forward-output"``.
    positions: positions to read; by default all. -1 is the last.
    top_k: predictions of each cell, 1 .. 100; by default 5.
    candidates: which tokens are the predictions after the best: ``"most-likely"`` (the default), ``"words"``, ``"least-likely"``,
        or ``"contrast:4"`` and ``"contrast:tuned"``: likelier than after a block, or with another lens.
    targets: tokens whose rank and log-probability each cell has: words, such as ``" Paris"`` with its space, vocabulary ids,
        ``NEXT_TOKEN`` or ``FINAL_TOP``.
    statistics: columns of each cell; by default log-sum-exp, entropy and kl-from-final. ``"all"``, or names from these and
        kl-from-next, margin and cross-entropy.
    trajectories: whether tokens are followed over the layers (the default), or the least peak probability of those that are.
    attribution: whether the share of each part in the targets' logits is computed; by default not.
    interventions: changes to the forward pass, which ``stratalens.interventions`` makes. They act in order where they meet.
    effect: whether it is told what the interventions did, and ``stratalens.metrics`` of both passes; by default not.
    unchanged: whether the result of the pass without interventions comes, too; by default not. It tells the effect as well.
    exact: whether numbers come as float32; by default as codes, with an error of at most 0.0005 (1 + x).
    special_tokens: whether the tokenizer adds its special tokens to a text (the default).
    request_id: an id that the answer and the server's log repeat.
    """

    model: str | None
    lenses: str | Iterable[str] | None
    layers: Indexes | None
    sites: str | Iterable[str] | None
    positions: Indexes | None
    top_k: int | None
    candidates: str | None
    targets: Target | Iterable[Target] | None
    statistics: str | Iterable[str] | None
    trajectories: bool | float | None
    attribution: bool | None
    interventions: Intervention | Iterable[Intervention] | None
    effect: bool | Metric | Iterable[Metric] | None
    unchanged: bool | None
    exact: bool | None
    special_tokens: bool | None
    request_id: str | None


asking = naming(Asked)
"""Names what can be asked in the signature of a function that takes it as ``**asked``."""


class SweepAsked(TypedDict, total=False):
    """What may be asked of a sweep. Each has a default, which None stands for.

    by_head: whether each attention head is changed alone; for ``site="attention-heads"``.
    model: name of a served model; by default the only one.
    special_tokens: whether the tokenizer adds its special tokens to a text (the default).
    request_id: an id that the answer and the server's log repeat.
    """

    by_head: bool | None
    model: str | None
    special_tokens: bool | None
    request_id: str | None


sweeping = naming(SweepAsked)


@dataclass(frozen=True)
class Request:
    """A request. The message is what is sent; the properties are what an answer is compared with."""

    message: lens_service_pb2.AnalyzeRequest

    def unchanged(self) -> Request:
        """The same without interventions."""
        message = lens_service_pb2.AnalyzeRequest()
        message.CopyFrom(self.message)
        message.ClearField("interventions")
        message.ClearField("effect")
        return Request(message)

    @staticmethod
    def of(prompt: Prompt | None, asked: Asked) -> Request:
        """A request for a prompt; without one, what the prompts of a batch have in common."""
        targets = _targets(asked.get("targets"))
        attribution = bool(asked.get("attribution"))
        if attribution and not targets:
            raise ValueError("an attribution needs a target, whose logit it divides; give targets=[...]")
        lenses = _names("lenses", "lens", asked.get("lenses"))
        special_tokens = asked.get("special_tokens") is not False
        message = lens_service_pb2.AnalyzeRequest(
            lenses=[lens_message(name) for name in lenses],
            candidates=candidates_message(_or_default(asked.get("candidates"), "most-likely"), lenses or ["logit"]),
            layers=layer_ranges(asked.get("layers")),
            positions=position_ranges(asked.get("positions")),
            top_k=whole("top_k", _or_default(asked.get("top_k"), 5), 1, 100),
            targets=[target_message(target) for target in targets],
            trajectories=_trajectories(_or_default(asked.get("trajectories"), True)),
            number_form=lens_pb2.NUMBER_FORM_FLOAT32 if asked.get("exact") else lens_pb2.NUMBER_FORM_COMPACT,
            request_id=text("request_id", asked.get("request_id") or ""),
            attribution=lens_pb2.AttributionOptions() if attribution else None,
            interventions=interventions_of(asked.get("interventions") or (), special_tokens),
            effect=_effect(asked),
        )
        if message.HasField("effect") and not message.interventions:
            raise ValueError("an effect needs an intervention; give interventions=[…], which stratalens.interventions makes")
        sites = [site_number(name) for name in _names("sites", "site", asked.get("sites"))]
        message.sites.extend(sites)  # type: ignore[arg-type]
        columns = columns_of(_or_default(asked.get("statistics"), DEFAULT_STATISTICS))
        message.statistics.extend(column.number for column in columns)  # type: ignore[misc]
        if asked.get("model"):
            message.model = text("model", asked["model"])
        if prompt is not None:
            message.prompt.CopyFrom(prompt_message(prompt, special_tokens))
        return Request(message)

    @property
    def lenses(self) -> tuple[str, ...]:
        """Names of the lenses that answer."""
        return tuple(lens_name(lens) for lens in self.message.lenses) or ("logit",)

    @property
    def sites(self) -> tuple[str, ...]:
        """Names of the sites that are read."""
        return tuple(SITE_NAMES[site] for site in self.message.sites) or (BLOCK_OUTPUT,)

    @property
    def targets(self) -> tuple[Target, ...]:
        return tuple(_target(target) for target in self.message.targets)

    @property
    def columns(self) -> tuple[Column, ...]:
        """The requested columns, in the order of the contract."""
        return tuple(BY_NUMBER[number] for number in sorted(self.message.statistics))

    @property
    def text(self) -> str | None:
        """The prompt's text; None if it has none, or if the model's template makes it."""
        return self.message.prompt.text if self.message.prompt.WhichOneof("form") == "text" else None


def sweep_message(prompt: Prompt, intervention: Intervention, metric: Metric, asked: SweepAsked) -> lens_service_pb2.SweepRequest:
    """The message that asks for a sweep."""
    of_kind("intervention", intervention, Intervention, "one of stratalens.interventions")
    of_kind("metric", metric, Metric, METRICS)
    special_tokens = _or_default(asked.get("special_tokens"), True)
    (changed,) = interventions_of(intervention, special_tokens)
    return lens_service_pb2.SweepRequest(
        model=asked.get("model"),
        prompt=prompt_message(prompt, special_tokens),
        intervention=changed,
        by_head=_or_default(asked.get("by_head"), False),
        metric=metric,
        request_id=text("request_id", _or_default(asked.get("request_id"), "")),
    )


def _target(message: lens_pb2.Target) -> Target:
    kind = message.WhichOneof("token")
    if kind == "position_target":
        return PositionTarget(message.position_target)
    return message.id if kind == "id" else message.text


def _or_default(given: _Value | None, default: _Value) -> _Value:
    return default if given is None else given


def _targets(targets: Target | Iterable[Target] | None) -> list[Target]:
    return [] if targets is None else several("targets", targets, (str, PositionTarget), TARGETS)


def _effect(asked: Asked) -> intervention_pb2.EffectOptions | None:
    effect, unchanged = asked.get("effect"), bool(asked.get("unchanged"))
    if not isinstance(effect, (bool, Metric)) and effect is not None:
        effect = several("effect", effect, Metric, METRICS)
    if (effect is None or effect is False) and not unchanged:
        return None
    metrics = [effect] if isinstance(effect, Metric) else effect if isinstance(effect, list) else []
    return intervention_pb2.EffectOptions(
        metrics=[of_kind("effect", each, Metric, METRICS) for each in metrics], with_unchanged_result=unchanged
    )


def _names(option: str, what: str, names: str | Iterable[str] | None) -> list[str]:
    """Names that are each given once; none for the default."""
    if names is None:
        return []
    found = [text(option, each) for each in several(option, names, str, "a name")]
    if not found:
        raise ValueError(f"{option}=[] names no {what}; leave it out for the default")
    if len(set(found)) < len(found):
        raise ValueError(f"a {what} occurs twice in {found}; give each once")
    return found


def _trajectories(wanted: bool | float) -> lens_pb2.TrajectoryOptions | None:
    if wanted is False:
        return None
    if not isinstance(wanted, (bool, int, float)):
        raise wrong_type("trajectories", "True, False, or the least peak probability", wanted)
    if wanted is True or wanted == 0:
        return lens_pb2.TrajectoryOptions()
    return lens_pb2.TrajectoryOptions(min_peak_probability=wanted)
