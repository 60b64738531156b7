"""The attribution: each part's shares of the logits, then the logits."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from stratalens._assembly.broken import broken, require
from stratalens._assembly.header import Head
from stratalens.attribution import Attribution
from stratalens.places import EMBEDDING, SITE_NAMES, ReadPoint
from stratalens.v1 import lens_pb2

_PARTS = (lens_pb2.SITE_EMBEDDING, lens_pb2.SITE_ATTENTION_OUTPUT, lens_pb2.SITE_FEED_FORWARD_OUTPUT)


class _Rows:
    """Values of consecutive positions."""

    def __init__(self) -> None:
        self.values: list[float] = []
        self.positions = 0

    def add(self, first: int, count: int, more: list[float]) -> None:
        require(
            first == self.positions and count >= 1,
            f"expected an attribution from position index {self.positions}, but {count} from index {first} came",
        )
        self.positions += count
        self.values += more

    def array(self, *shape: int) -> NDArray[np.float32]:
        return np.array(self.values, np.float32).reshape(shape)


class AttributionReader:
    def __init__(self, head: Head) -> None:
        self._head = head
        self._parts = head.header.attributed_parts
        self._shares: list[_Rows] = []
        self._biases = _Rows()
        self._logits = _Rows()

    def add(self, chunk: lens_pb2.AttributionChunk) -> None:
        positions = self._head.position_count
        if not self._shares or self._shares[-1].positions == positions:
            self._shares.append(_Rows())
        part = len(self._shares) - 1
        require(
            chunk.part == part < len(self._parts),
            f"expected part {part} of the attribution, but {chunk.part} of {len(self._parts)} came",
        )
        logits, shares = chunk.position_count * len(self._head.header.targets), len(chunk.shares)
        of_heads = self._parts[part].site == lens_pb2.SITE_ATTENTION_HEADS
        require(
            (shares >= logits > 0 and shares % logits == 0) if of_heads else shares == logits,
            f"part {part} of the attribution has {shares} shares for {logits} logits",
        )
        self._shares[part].add(chunk.first_position, chunk.position_count, list(chunk.shares))

    def add_logits(self, chunk: lens_pb2.AttributedLogitsChunk) -> None:
        logits = chunk.position_count * len(self._head.header.targets)
        require(
            len(chunk.bias_shares) == logits == len(chunk.logits),
            f"{logits} attributed logits came with {len(chunk.bias_shares)} biases and {len(chunk.logits)} logits",
        )
        self._biases.add(chunk.first_position, chunk.position_count, list(chunk.bias_shares))
        self._logits.add(chunk.first_position, chunk.position_count, list(chunk.logits))

    def finish(self, largest_difference: float) -> Attribution:
        positions = self._head.position_count
        require(
            len(self._shares) == len(self._parts)
            and all(each.positions == positions for each in self._shares)
            and self._logits.positions == positions,
            f"the attribution is not complete: {len(self._shares)} of {len(self._parts)} parts and "
            f"{self._logits.positions} of {positions} logits came",
        )
        p, m = positions, len(self._head.header.targets)
        parts, shares, heads = [], [], {}
        for wire, rows in zip(self._parts, self._shares, strict=True):
            require(wire.block >= 0, f"a part of the attribution is in block {wire.block}")
            if wire.site == lens_pb2.SITE_ATTENTION_HEADS:
                heads[wire.block] = rows.array(p, m, -1)
            elif wire.site in _PARTS:
                site = SITE_NAMES[wire.site]
                parts.append(ReadPoint(0 if site == EMBEDDING else wire.block, site))
                shares.append(rows.array(p, m))
            else:
                raise broken(f"a part of the attribution is at the site {wire.site}")
        return Attribution(
            parts=tuple(parts),
            shares=np.stack(shares),
            heads=heads,
            biases=self._biases.array(p, m),
            logits=self._logits.array(p, m),
            softcap=self._head.header.model.logit_softcap,
            largest_difference=largest_difference,
        )
