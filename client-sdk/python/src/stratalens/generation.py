"""Generations: texts that the model writes, and what the lenses read of each token."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar

from stratalens.arguments import number, of_kind, several, text, whole
from stratalens.result import LensResult
from stratalens.tokens import Token
from stratalens.v1 import generation_pb2, lens_pb2

_Value = TypeVar("_Value")


@dataclass(frozen=True)
class Sampling:
    """Random draws. The logits are divided by the temperature, then cut to the best ``top_k`` tokens, then to the fewest best ones
    whose probabilities add up to ``top_p``."""

    temperature: float = 1.0
    """Above 0, at most 100."""
    top_k: int | None = None
    """Number of tokens, 1 or more; None = all."""
    top_p: float = 1.0
    """Sum of probabilities, above 0, at most 1."""
    seed: int | None = None
    """Of the random numbers, 0 .. 2^64 - 1; None = one that the server chooses and reports."""

    def __post_init__(self) -> None:
        if not 0 < number("temperature", self.temperature) <= 100:
            raise ValueError(
                f"temperature {self.temperature} is not above 0 and at most 100; without a sampling, the best token is taken"
            )
        if not 0 < number("top_p", self.top_p) <= 1:
            raise ValueError(f"top_p {self.top_p} is not above 0 and at most 1")
        if self.top_k is not None:
            whole("top_k", self.top_k, 1)
        if self.seed is not None:
            whole("seed", self.seed, 0, 2**64 - 1)

    def message(self) -> generation_pb2.Sampling:
        return generation_pb2.Sampling(temperature=self.temperature, top_k=self.top_k, top_p=self.top_p, seed=self.seed)


@dataclass(frozen=True)
class GeneratedToken:
    """A token that was chosen for the position after the last one."""

    position: int
    """Index of the token, from the first token of the prompt."""
    token: Token
    log_prob: float
    """Log-probability that the model gave it, in nats, before temperature and cuts."""
    settled_from: int | None
    """The first asked block from which on the first lens had it as its best at every block, at the position before; None if it did
    not at the last."""
    forced: bool
    """Whether the request gave it."""
    text: str
    """The text that it completes: empty if it ends in the middle of a character, and for a token that ends the generation."""


@dataclass(frozen=True, eq=False)
class GenerationResult:
    """A complete generation."""

    reading: LensResult
    """What the lenses read, over prompt and generated tokens: as an analysis of both as one prompt. In a notebook, its page."""
    tokens: tuple[GeneratedToken, ...]
    """The generated tokens, one or more."""
    stop_reason: str
    """Why it ended: ``"end-token"``, ``"stop-text"``, ``"max-tokens"``; ``"other"`` for a reason of a newer server."""
    seed: int | None
    """Seed of the random numbers; None if the best token was always taken."""

    @property
    def text(self) -> str:
        """The generated text."""
        return "".join(token.text for token in self.tokens)

    def __repr__(self) -> str:
        return f"<{len(self.tokens)} generated tokens, ended by {self.stop_reason}: {self.text!r}>"


def options_message(
    max_tokens: int | None,
    sampling: Sampling | None,
    forced: Iterable[int] | None,
    stop_texts: str | Iterable[str] | None,
    ignore_end_tokens: bool,
) -> generation_pb2.GenerationOptions:
    """The message of options, which are checked as far as that is possible without the model."""
    stops = [text("stop_texts", each) for each in several("stop_texts", _or_none(stop_texts), str, "a text")]
    ids = [whole("token id", each, 0) for each in several("forced", _or_none(forced), (), "a vocabulary id")]
    if len(stops) > 16:
        raise ValueError(f"{len(stops)} stop texts were given; at most 16 are allowed")
    if "" in stops:
        raise ValueError("an empty stop text would end every generation")
    if sampling is not None:
        of_kind("sampling", sampling, Sampling, "a Sampling, such as Sampling(temperature=0.8)")
    return generation_pb2.GenerationOptions(
        max_tokens=None if max_tokens is None else whole("max_tokens", max_tokens, 1),
        sampling=None if sampling is None else sampling.message(),
        forced=lens_pb2.TokenIds(ids=ids) if ids else None,
        stop_texts=stops,
        ignore_end_tokens=ignore_end_tokens,
    )


def _or_none(given: Iterable[_Value] | None) -> Iterable[_Value]:
    return () if given is None else given
