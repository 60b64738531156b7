"""Metrics: numbers about the model's own output at one position, before and after a change.

>>> from stratalens import metrics
>>> metrics.logit_difference(" Rome", " Paris")
"""

from __future__ import annotations

from stratalens.targets import PositionTarget, Target, target_message
from stratalens.v1 import intervention_pb2, lens_pb2

Metric = intervention_pb2.Metric
"""A metric, as the contract has it."""

METRICS = "a metric, which stratalens.metrics makes"
"""What is said to be allowed."""


def logit(token: Target, *, position: int | None = None) -> Metric:
    """The logit of a word or a vocabulary id, after the softcap if the family has one.

    position: of the prompt; negative ones count from the end; by default the last.
    """
    return Metric(logit=same_everywhere(token), position=position)


def log_probability(token: Target, *, position: int | None = None) -> Metric:
    """The log-probability of a token, in nats."""
    return Metric(log_probability=same_everywhere(token), position=position)


def logit_difference(token: Target, other: Target, *, position: int | None = None) -> Metric:
    """The logit of one token minus that of another."""
    difference = intervention_pb2.LogitDifference(token=same_everywhere(token), other=same_everywhere(other))
    return Metric(logit_difference=difference, position=position)


def kl_from_unchanged(*, position: int | None = None) -> Metric:
    """KL(output of the unchanged pass || output of the changed pass), in nats."""
    return Metric(kl_from_unchanged=intervention_pb2.KlFromUnchanged(), position=position)


def metric_name(metric: Metric) -> str:
    """What a metric is, in words."""
    kind = metric.WhichOneof("kind")
    if kind == "kl_from_unchanged":
        return "KL from the unchanged output"
    if kind == "logit_difference":
        return f"logit of {_name(metric.logit_difference.token)} minus that of {_name(metric.logit_difference.other)}"
    return f"logit of {_name(metric.logit)}" if kind == "logit" else f"log-probability of {_name(metric.log_probability)}"


def same_everywhere(token: Target) -> lens_pb2.Target:
    """The message of a token that is the same at every position."""
    if isinstance(token, PositionTarget):
        raise ValueError(f"{token!r} is another token at each position; give a word or a vocabulary id")
    return target_message(token)


def _name(target: lens_pb2.Target) -> str:
    return repr(target.text) if target.WhichOneof("token") == "text" else f"token {target.id}"
