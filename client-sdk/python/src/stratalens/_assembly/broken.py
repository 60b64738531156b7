"""Streams that contradict the contract."""

from __future__ import annotations

from stratalens.errors import BrokenStreamError


def broken(words: str) -> BrokenStreamError:
    """The failure, with what was expected and what came."""
    return BrokenStreamError(
        f"The server's answer cannot be used: {words}. "
        "Nothing of it was kept; if client and server are of the same version, report it."
    )


def require(holds: bool, words: str) -> None:
    if not holds:
        raise broken(words)
