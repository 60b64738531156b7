"""Tokens: entries of a vocabulary, and where they are in a prompt."""

from __future__ import annotations

import math
import unicodedata
from dataclasses import dataclass

_SHOWN = {" ": "·", "\n": "⏎", "\t": "→", "\u00a0": "⍽", "\r": "\\r"}


@dataclass(frozen=True)
class Token:
    """A vocabulary entry. Two ids are two tokens, even where their texts are equal."""

    id: int
    raw: str
    """The entry as the vocabulary spells it, for example ``"ĠParis"``."""
    text: str
    """What it stands for, for example ``" Paris"``. Bytes that are no whole character are written as ``<0xE6>``."""

    @property
    def display(self) -> str:
        """The text on one line, with nothing invisible: a space is ``·``, a line feed ``⏎``, a tab ``→``."""
        return visible(self.text)


@dataclass(frozen=True)
class PromptToken:
    """A token of the prompt, with its range of bytes in the prompt's UTF-8 text; None if ids were sent."""

    token: Token
    start: int | None
    end: int | None

    @property
    def id(self) -> int:
        return self.token.id

    @property
    def text(self) -> str:
        return self.token.text

    @property
    def display(self) -> str:
        return self.token.display


@dataclass(frozen=True)
class Prediction:
    """A token with its log-probability, in nats."""

    token: Token
    log_prob: float

    @property
    def probability(self) -> float:
        """0 .. 1."""
        return math.exp(self.log_prob)

    def __repr__(self) -> str:
        return f"{self.token.text!r} {self.probability:.1%}"


def visible(text: str) -> str:
    """Makes the invisible visible."""
    mark = bool(text) and unicodedata.category(text[0]).startswith("M")
    return ("◌" if mark else "") + "".join(map(_visible_character, text))


def _visible_character(character: str) -> str:
    if character in _SHOWN:
        return _SHOWN[character]
    if unicodedata.category(character) in ("Cc", "Cf", "Zl", "Zp", "Zs", "Cs"):
        units = character.encode("utf-16-be", "surrogatepass")
        return "".join(f"\\u{units[i] << 8 | units[i + 1]:04x}" for i in range(0, len(units), 2))
    return character
