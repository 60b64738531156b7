"""Numbers in GGUF's types. What a block stands for is what the gguf package says; others than the oldest types are random bits."""

import numpy
from gguf import GGML_QUANT_SIZES, GGMLQuantizationType as Type
from gguf.quants import dequantize, quantize

SCALES = {
    Type.Q2_K: {80: 0.1, 82: 0.1}, Type.Q3_K: {108: 0.01}, Type.Q4_K: {0: 1 / 270, 2: 1 / 36}, Type.Q5_K: {0: 1 / 540, 2: 1 / 36},
    Type.Q6_K: {208: 1 / 1400}, Type.IQ2_XXS: {0: 0.02}, Type.IQ2_XS: {0: 0.02}, Type.IQ2_S: {0: 0.02}, Type.IQ3_XXS: {0: 0.01},
    Type.IQ3_S: {0: 0.01}, Type.IQ1_S: {0: 0.1}, Type.IQ1_M: {}, Type.IQ4_NL: {0: 0.01}, Type.IQ4_XS: {0: 0.001},
    Type.MXFP4: {}, Type.NVFP4: {}}
"""Types that the package only decodes: where a block has its float16 scales, and their size for numbers around 1."""


def stored(values: numpy.ndarray, quantization: Type, generator: numpy.random.Generator) -> numpy.ndarray:
    """Bytes for values; of a type that the package only decodes, for random values of the same spread."""
    if quantization in SCALES:
        return random_blocks(values.shape, quantization, float(values.std()), generator)
    return quantize(values, quantization)


def random_blocks(shape: tuple[int, ...], quantization: Type, spread: float,
                  generator: numpy.random.Generator) -> numpy.ndarray:
    numbers, size = GGML_QUANT_SIZES[quantization]
    blocks = generator.integers(0, 256, (int(numpy.prod(shape)) // numbers, size), dtype=numpy.uint8)
    for place, value in SCALES[quantization].items():
        blocks[:, place:place + 2] = random_scales(spread * value, len(blocks), generator)
    if quantization is Type.IQ1_M:  # four bits of the scale in the upper half of every other byte
        bits = random_scales(spread / 10, len(blocks), generator)
        halves = numpy.stack([bits & 0xF, bits >> 4], axis=-1).reshape(-1, 4)
        blocks[:, 49::2] = blocks[:, 49::2] & 0xF | halves << 4
    if quantization is Type.MXFP4:  # a power of two; the first block has the smallest
        blocks[:, 0] = generator.integers(120, 127, len(blocks))
        blocks[0, 0] = 0
    if quantization is Type.NVFP4:  # float8 without a sign, in all its ranges; 0x7F stands for 0
        blocks[:, :4] = generator.integers(1, 0x40, (len(blocks), 4))
        blocks[0, :4] = [0, 3, 0x7E, 0x7F]
    return blocks.reshape(*shape[:-1], -1)


def random_scales(value: float, count: int, generator: numpy.random.Generator) -> numpy.ndarray:
    variation = generator.uniform(0.8, 1.2, count)
    return (value * variation).astype(numpy.float16).view(numpy.uint8).reshape(-1, 2)


def decoded(data: numpy.ndarray, quantization: Type) -> numpy.ndarray:
    return dequantize(data, quantization).astype(numpy.float32)
