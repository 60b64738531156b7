"""Targets: tokens that are followed in every cell."""

from __future__ import annotations

from enum import Enum
from typing import TypeAlias

from stratalens.arguments import is_whole, whole, wrong_type
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


TARGETS = "a word, a vocabulary id, NEXT_TOKEN or FINAL_TOP"
"""What is said to be allowed."""


def target_message(target: Target) -> lens_pb2.Target:
    if isinstance(target, PositionTarget):
        return lens_pb2.Target(position_target=target.value)
    if isinstance(target, str):
        if not target:
            raise ValueError('the target is empty; give a word, for example " Paris"')
        return lens_pb2.Target(text=target)
    if not is_whole(target):
        raise wrong_type("target", TARGETS, target)
    return lens_pb2.Target(id=whole("token id", target, 0))


def target_name(target: Target) -> str:
    """As on the command line: ``next``, ``final-top``, ``id:464``, or the word."""
    if isinstance(target, PositionTarget):
        return "next" if target is NEXT_TOKEN else "final-top"
    return f"id:{target}" if isinstance(target, int) else target
