"""Targets: tokens that are followed in every cell."""

from __future__ import annotations

from enum import Enum
from typing import TypeAlias

from stratalens.v1 import lens_pb2


class PositionTarget(Enum):
    """Targets that are another token at each position."""

    NEXT_TOKEN = lens_pb2.POSITION_TARGET_NEXT_TOKEN
    """The token that follows in the prompt; none at the prompt's last position."""
    FINAL_TOP = lens_pb2.POSITION_TARGET_FINAL_TOP
    """What the model itself predicts at the position."""

    def __repr__(self) -> str:
        return self.name


NEXT_TOKEN = PositionTarget.NEXT_TOKEN
FINAL_TOP = PositionTarget.FINAL_TOP

Target: TypeAlias = str | int | PositionTarget
"""A word (the vocabulary entry that equals it, or else the first token of its encoding), a vocabulary id, or one of
``NEXT_TOKEN`` and ``FINAL_TOP``."""


def target_message(target: Target) -> lens_pb2.Target:
    if isinstance(target, PositionTarget):
        return lens_pb2.Target(position_target=target.value)
    if isinstance(target, bool) or not isinstance(target, (str, int)):
        raise TypeError(f"a target is a word, a vocabulary id, NEXT_TOKEN or FINAL_TOP, not {target!r}")
    if isinstance(target, str):
        if not target:
            raise ValueError('the target is empty; give a word, for example " Paris"')
        return lens_pb2.Target(text=target)
    if target < 0:
        raise ValueError(f"token id {target} is negative; ids start at 0")
    return lens_pb2.Target(id=target)


def target_name(target: Target) -> str:
    """As on the command line: ``next``, ``final-top``, ``id:464``, or the word."""
    if isinstance(target, PositionTarget):
        return "next" if target is NEXT_TOKEN else "final-top"
    return f"id:{target}" if isinstance(target, int) else target
