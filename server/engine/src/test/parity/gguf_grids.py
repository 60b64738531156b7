"""Writes the grids of the IQ types, which are part of the format, from the gguf package into the engine's resources.

Each entry takes two bytes: 8 numbers of 2 bits or 4 numbers of 4 bits, the first in the lowest bits. A number is an index
into the values that the type has.
"""

from pathlib import Path

import numpy
from gguf import quants

FILE = Path(__file__).parents[2] / "main/resources/dev/stratalens/engine/checkpoint/gguf/grids.bin"
TYPES = (quants.IQ2_XXS, quants.IQ2_XS, quants.IQ2_S, quants.IQ1_S, quants.IQ3_XXS, quants.IQ3_S)


def packed(type_: type) -> bytes:
    type_.init_grid()
    grid = type_.grid.reshape(type_.grid_shape)
    indexes = numpy.searchsorted(numpy.array(type_.grid_map, dtype=numpy.float32), grid).astype(numpy.uint16)
    bits = 16 // type_.grid_shape[1]
    shifts = numpy.arange(0, 16, bits, dtype=numpy.uint16)
    return numpy.bitwise_or.reduce(indexes << shifts, axis=1).astype("<u2").tobytes()


if __name__ == "__main__":
    FILE.parent.mkdir(parents=True, exist_ok=True)
    FILE.write_bytes(b"".join(map(packed, TYPES)))
