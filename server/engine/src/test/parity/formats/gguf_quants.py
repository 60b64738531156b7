"""Numbers in GGUF's types. What a block stands for is what the gguf package says; K types are made of random bits."""

import numpy
from gguf import GGML_QUANT_SIZES, GGMLQuantizationType as Type
from gguf.quants import dequantize, quantize

SUPER_BLOCKS = {Type.Q4_K, Type.Q5_K, Type.Q6_K}


def stored(values: numpy.ndarray, quantization: Type, generator: numpy.random.Generator) -> numpy.ndarray:
    """Bytes for values; of a K type, for random values of the same spread, since the package only decodes those."""
    if quantization in SUPER_BLOCKS:
        return random_blocks(values.shape, quantization, float(values.std()), generator)
    return quantize(values, quantization)


def random_blocks(shape: tuple[int, ...], quantization: Type, spread: float,
                  generator: numpy.random.Generator) -> numpy.ndarray:
    numbers, size = GGML_QUANT_SIZES[quantization]
    blocks = generator.integers(0, 256, (int(numpy.prod(shape)) // numbers, size), dtype=numpy.uint8)
    scale, minimum = (spread / 270, spread / 36) if quantization is not Type.Q6_K else (spread / 1400, None)
    if quantization is Type.Q5_K:
        scale /= 2
    places = [slice(208, 210)] if minimum is None else [slice(0, 2), slice(2, 4)]
    for place, value in zip(places, [scale, minimum]):
        variation = generator.uniform(0.8, 1.2, len(blocks))
        blocks[:, place] = (value * variation).astype(numpy.float16).view(numpy.uint8).reshape(-1, 2)
    return blocks.reshape(*shape[:-1], -1)


def decoded(data: numpy.ndarray, quantization: Type) -> numpy.ndarray:
    return dequantize(data, quantization).astype(numpy.float32)
