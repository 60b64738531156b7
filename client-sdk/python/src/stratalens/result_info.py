"""What a result holds: facts before the first layer, the numbers of each lens, and what comes at the end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from stratalens.attribution import Attribution
from stratalens.columns import Column
from stratalens.effect import InterventionEffect
from stratalens.places import ReadPoint
from stratalens.targets import Target, target_name
from stratalens.tokens import Prediction, PromptToken, Token
from stratalens.v1 import model_pb2

if TYPE_CHECKING:
    from stratalens.result import LensResult


@dataclass(frozen=True)
class Coverage:
    """What to know about a lens of a result."""

    decodes_last_block_as_model: bool
    """Whether its cells at the last block are the model's own output."""
    skipped_positions: int
    """Positions at the beginning of each prompt that it was not made for."""
    warnings: tuple[str, ...]


@dataclass(frozen=True)
class TargetInfo:
    """A target with its tokens."""

    target: Target
    tokens: tuple[Token, ...]
    """Encoding of a text, of which the first token is followed; the token of an id; none of a ``PositionTarget``."""
    ids: tuple[int | None, ...]
    """Its id at each position of the result; None where there is no such target."""

    @property
    def label(self) -> str:
        """Its name; if the text is several tokens, with the one that is followed."""
        name = repr(self.target) if isinstance(self.target, str) else target_name(self.target)
        return f"{name} (its first token {self.tokens[0].text!r})" if len(self.tokens) > 1 else name


@dataclass(frozen=True)
class ResultInfo:
    """What is known of a result before its first layer."""

    model: model_pb2.ModelDescription
    request_id: str
    lenses: tuple[str, ...]
    coverage: tuple[Coverage, ...]
    """Of each lens."""
    approximate: bool
    """Whether ranks, entropy and KL come from low-precision logits."""
    exact: bool
    """Whether numbers came as float32."""
    prompt: str | None
    """The text; of a chat, what the model's template made of it; None if ids were sent."""
    tokens: tuple[PromptToken, ...]
    read_points: tuple[ReadPoint, ...]
    """Where the lenses read, in order of depth."""
    positions: tuple[int, ...]
    k: int
    """Predictions of each cell."""
    candidates: str | None
    """The rule that chose the predictions after the best; None for the most likely tokens."""
    targets: tuple[TargetInfo, ...]
    columns: tuple[Column, ...]
    has_trajectories: bool
    final_tops: tuple[Prediction, ...]
    """The model's own best token at each position."""


@dataclass(frozen=True, eq=False)
class Tracked:
    """Tracked tokens of a position: t ids, ascending, and their log-probabilities at r read points."""

    ids: NDArray[np.int32]
    log_probs: NDArray[np.float32]
    """[t, r]"""


@dataclass(frozen=True, eq=False)
class Numbers:
    """Numbers of one lens: r read points that it has, p positions, k predictions, m targets."""

    read_points: tuple[ReadPoint, ...]
    ids: NDArray[np.int32]
    """[r, p, k]"""
    log_probs: NDArray[np.float32]
    """[r, p, k]"""
    ranks: NDArray[np.int32]
    """[r, p, m]; 0 if there is no such target."""
    target_log_probs: NDArray[np.float32]
    """[r, p, m]"""
    columns: Mapping[str, NDArray[np.float32]]
    """Each [r, p]; NaN means no value."""
    tracked: tuple[Tracked, ...]
    """Of each position; empty without trajectories."""


@dataclass(frozen=True)
class SelfCheck:
    """The server's comparison of its last layer with a plain product, computed by separate code."""

    max_logit_difference: float
    top1_agrees: bool
    positions: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class Summary:
    """What is known at the end."""

    self_check: SelfCheck
    queued_ms: float
    """Time in the queue, milliseconds."""
    forward_ms: float
    """Time in the forward pass."""
    lens_ms: float
    """Time in the lens."""
    omitted_trajectories: int
    """Number left out because of the least peak probability."""
    reserved_bytes: int
    attribution: Attribution | None = None
    effect: InterventionEffect | None = None
    """What interventions did, if that was asked."""
    unchanged: LensResult | None = None
    """The result without interventions, if it was asked for."""
