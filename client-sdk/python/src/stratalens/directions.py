"""Directions in the space of the rows of a site, for interventions.

>>> from stratalens import directions, interventions
>>> interventions.add(directions.token(" Rome"), share=1, layers=4, positions=-1)
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import ArrayLike

from stratalens.arguments import of_kind, wrong_type
from stratalens.indexes import Indexes, position_ranges
from stratalens.metrics import same_everywhere
from stratalens.prompts import Prompt, each_prompt, prompt_message
from stratalens.targets import Target
from stratalens.v1 import intervention_pb2

Direction = intervention_pb2.StreamDirection
"""A direction, as the contract has it."""


def token(word: Target, *, lens: str | None = None) -> Direction:
    """The direction of a word or a vocabulary id: its row of the unembedding.

    lens: name of a fitted lens; then the direction that raises the lens's logit of the token most.
    """
    return Direction(token=intervention_pb2.TokenDirection(token=same_everywhere(word), lens=lens))


def vector(values: ArrayLike) -> Direction:
    """A vector of d finite numbers that are not all zero; at ``"attention-heads"``, as many as a head has."""
    return Direction(vector=intervention_pb2.StreamVector(values=floats(values)))


def difference(more: Prompt | Iterable[Prompt], less: Prompt | Iterable[Prompt], *, positions: Indexes | None = -1) -> Direction:
    """From the mean of rows of some prompts to that of others, at the site and the block that is changed: what the first have more.

    positions: of each prompt; by default its last. None = all.
    """
    return Direction(
        difference=intervention_pb2.PromptDifference(to=mean_rows(more, positions), **{"from": mean_rows(less, positions)})
    )


def checked(direction: Direction) -> Direction:
    """The same, if it is a direction."""
    hint = f"directions.token({direction!r})" if isinstance(direction, str) else "one of stratalens.directions"
    return of_kind("direction", direction, Direction, hint)


def mean_rows(prompts: Prompt | Iterable[Prompt], positions: Indexes | None) -> intervention_pb2.PromptRows:
    """Rows of passes over prompts, without interventions."""
    messages = [prompt_message(prompt) for prompt in each_prompt(prompts)]
    if not messages:
        raise ValueError("a mean of rows needs a prompt or more")
    return intervention_pb2.PromptRows(prompts=messages, positions=position_ranges(positions))


def floats(values: ArrayLike) -> list[float]:
    """One row of finite numbers."""
    try:
        row = np.asarray(values, np.float32)
    except (TypeError, ValueError):
        raise wrong_type("vector", "one row of numbers", values) from None
    if row.ndim != 1:
        raise ValueError(f"a vector is one row of numbers, not an array of the shape {row.shape}")
    if not np.isfinite(row).all():
        raise ValueError(f"number {int(np.argmin(np.isfinite(row)))} of the vector is not finite")
    numbers: list[float] = row.tolist()
    return numbers
