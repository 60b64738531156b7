"""What every tool here is: one lens over all layers and positions of one prompt."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import torch


@dataclass(frozen=True)
class Prompt:
    """The same prompt twice: tools that insist on text must find exactly these ids in it."""

    text: str | None
    token_ids: list[int]


@dataclass(frozen=True)
class Outcome:
    """What a tool's result holds, read outside the measured time."""

    top_ids: torch.Tensor  # [layers, positions, k], block 0 first
    result_bytes: int  # of the arrays the caller receives


class Lens(Protocol):
    def __init__(self, model: Path, dtype: torch.dtype) -> None:
        """Loads the checkpoint in the given directory."""

    def prepare(self, prompt: Prompt) -> Any:
        """The prompt in the form that the tool takes. Not measured."""

    def analyze(self, prepared: Any, top_k: int) -> Any:
        """The measured work: from the prompt to the tool's own complete result."""

    def outcome(self, result: Any) -> Outcome:
        """Reads such a result. Not measured."""


def bytes_of(*tensors: torch.Tensor) -> int:
    return sum(tensor.numel() * tensor.element_size() for tensor in tensors)


def row_of_ids(prompt: Prompt) -> torch.Tensor:
    """The ids as a batch of one: [1, positions]."""
    return torch.tensor([prompt.token_ids])
