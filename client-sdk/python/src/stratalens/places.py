"""Places in the model: sites of blocks, and read points."""

from __future__ import annotations

from dataclasses import dataclass

from stratalens.v1 import lens_pb2

EMBEDDING = "embedding"
BLOCK_OUTPUT = "block-output"
ATTENTION_HEADS = "attention-heads"

# By name, in order of depth within a block.
SITES: dict[str, int] = {
    EMBEDDING: lens_pb2.SITE_EMBEDDING,
    "attention-output": lens_pb2.SITE_ATTENTION_OUTPUT,
    "attention-residual": lens_pb2.SITE_ATTENTION_RESIDUAL,
    "feed-forward-output": lens_pb2.SITE_FEED_FORWARD_OUTPUT,
    BLOCK_OUTPUT: lens_pb2.SITE_BLOCK_OUTPUT,
}
SITE_NAMES: dict[int, str] = {number: name for name, number in SITES.items()}


def site_number(name: str) -> int:
    number = SITES.get(name.replace("_", "-"))
    if number is None:
        raise ValueError(f"there is no site {name!r}; choose from {', '.join(SITES)}")
    return number


@dataclass(frozen=True)
class ReadPoint:
    """A block and a site in it. The embedding is in block 0."""

    block: int
    site: str

    @property
    def is_layer(self) -> bool:
        """Whether a lens reads a layer here: the embedding, or the output of a block."""
        return self.site in (EMBEDDING, BLOCK_OUTPUT)

    @property
    def layer(self) -> int:
        """The layer's number: -1 for the embedding, else that of the block."""
        return -1 if self.site == EMBEDDING else self.block

    @property
    def depth(self) -> tuple[int, int]:
        """Ascends with depth."""
        return self.block, SITES[self.site]

    def __str__(self) -> str:
        if self.site == EMBEDDING:
            return "the embedding"
        return f"layer {self.block}" if self.site == BLOCK_OUTPUT else f"{self.site} of block {self.block}"
