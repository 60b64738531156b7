"""A probe asks the model for one answer; the split says how much of it training has shown."""

import hashlib
from typing import NamedTuple


class Probe(NamedTuple):
    task: str
    split: str
    prompt: str
    answer: str
    """Text that must follow the prompt, with its leading space."""


def bucket(*key, of):
    """A number in 0..of-1 that depends on nothing but the key, so a held-out item stays held out."""
    digest = hashlib.sha256("\x1f".join(map(str, key)).encode()).digest()
    return int.from_bytes(digest[:8], "big") % of


def split_at(text, answer_start):
    """Cuts a rendered sentence before its answer; a space before the answer belongs to the answer."""
    if answer_start and text[answer_start - 1] == " ":
        answer_start -= 1
    return text[:answer_start], text[answer_start:]
