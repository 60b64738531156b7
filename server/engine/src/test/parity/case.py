"""What a family and a case are. Everything else in this folder works on these two records."""

from collections.abc import Callable
from dataclasses import dataclass, field

import torch
from torch import nn

Tensors = dict[str, torch.Tensor]


def unchanged(tensors: Tensors) -> Tensors:
    return tensors


def only_stream(_: nn.Module, residual: torch.Tensor) -> torch.Tensor:
    return residual


@dataclass(frozen=True)
class Family:
    """Where a transformers model keeps its blocks and its final norm, as module paths."""

    blocks: str
    final_norm: str | None
    """None for a family whose head reads the residual stream as it is."""
    begins_with_bos: bool = False
    """Whether the tokenizer adds a begin-of-text token, as those of this family usually do."""
    head_projection: str | None = None
    """What stands between the final norm and a narrower head."""
    caps_logits: bool = True
    """Whether the model applies the factor and the softcap on logits that its configuration names."""
    multiplies_logits: bool = False
    """Whether the scaling of logits in the configuration is a factor, not a divisor."""
    read_streams: Callable[[nn.Module, torch.Tensor], torch.Tensor] = only_stream
    """What the model makes of several residual streams before its final norm."""
    attention: str = "eager"
    """transformers' implementation; "sdpa" where the eager one is wrong."""


@dataclass(frozen=True)
class Case:
    """One checkpoint: a configuration, and how its files differ from what transformers would write."""

    name: str
    note: str
    family: Family
    config: dict
    matters: dict = field(default_factory=dict)
    """Configuration keys with another value: the generator fails if that value gives the same logits,
    so that no case passes in a program that ignores the key."""
    prompt: str | None = None
    """None for a case without a tokenizer, whose token ids are random."""
    tokens: int = 11
    """How many random token ids."""
    stored_as: torch.dtype = torch.bfloat16
    file_tensors: Callable[[Tensors], Tensors] = unchanged
    """From the tensors that transformers would save to those in the file."""
    shards: int = 1
    unread: tuple[str, ...] = ()
    """Parts of the tensor names that are in the file and that transformers does not read."""
    absent: tuple[str, ...] = ()
    """Beginnings of the names of parts that have nothing to do with text and are too large for a fixture."""
