"""Bytes as text for a page: compressed (raw DEFLATE), in base 85."""

from __future__ import annotations

import zlib

_ZERO = ord("(")


def packed(data: bytes) -> str:
    deflate = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    return _digits(deflate.compress(data) + deflate.flush())


def _digits(data: bytes) -> str:
    """Five digits for four bytes, one more than its bytes for the last group. ``<``, which could end the element, is ``}``."""
    digits = []
    for at in range(0, len(data), 4):
        group = data[at : at + 4]
        value = int.from_bytes(group.ljust(4, b"\0"), "big")
        five = [chr(_ZERO + value // 85**place % 85) for place in (4, 3, 2, 1, 0)]
        digits.append("".join(five[: len(group) + 1]))
    return "".join(digits).replace("<", "}")
