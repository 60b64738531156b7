"""Tensors as llama.cpp's converter wants them, where these are not those of the recorded case."""

import re

import numpy
import torch

from case import Tensors

EXPERT = re.compile(r"layers\.\d+\.ffn\.experts\.\d+\.w[123]\.weight")
BLOCK = 32


def is_expert(name: str) -> bool:
    return EXPERT.fullmatch(name) is not None


def blocks_of(tensor: torch.Tensor) -> numpy.ndarray:
    """MXFP4: a power of two, and 16 bytes with the first 16 numbers in their lower halves."""
    from gguf import GGMLQuantizationType  # the one beside the converter
    from gguf.quants import quantize

    return quantize(tensor.float().numpy(), GGMLQuantizationType.MXFP4)


def rounded_experts(tensors: Tensors) -> Tensors:
    """Experts with numbers that MXFP4 has."""
    from gguf import GGMLQuantizationType
    from gguf.quants import dequantize

    return {name: torch.from_numpy(dequantize(blocks_of(tensor), GGMLQuantizationType.MXFP4).copy()) if is_expert(name) else tensor
            for name, tensor in tensors.items()}


def packed_experts(tensors: Tensors) -> Tensors:
    """Experts as the published files of DeepSeek-V4 have them: neighbors in one byte, and a power of two for each 32 numbers."""
    packed = {}
    for name, tensor in tensors.items():
        if is_expert(name):
            rows = tensor.shape[0]
            blocks = blocks_of(tensor).reshape(rows, -1, 1 + BLOCK // 2)
            halves = blocks[:, :, 1:]
            codes = numpy.concatenate([halves & 0xF, halves >> 4], axis=-1).reshape(rows, -1)
            packed[name] = torch.from_numpy((codes[:, ::2] | codes[:, 1::2] << 4).view(numpy.int8).copy())
            packed[name.replace(".weight", ".scale")] = torch.from_numpy(blocks[:, :, 0].copy()).view(torch.float8_e8m0fnu)
        else:
            packed[name] = tensor
    return packed


def without_decays(tensors: Tensors) -> Tensors:
    """Without the copies of the decays, which only transformers writes."""
    return {name: tensor for name, tensor in tensors.items() if not name.endswith(("_decay", "slope_rate"))}


def rotated_first(size: int, rotated: int, tensors: Tensors) -> Tensors:
    """Rows of queries and keys whose rotated dimensions are the first of each head; the case has pairs at half the head's size."""
    half, turning = size // 2, rotated // 2
    order = [*range(turning), *range(half, half + turning), *range(turning, half), *range(half + turning, size)]
    return {name: tensor.reshape(-1, size, tensor.shape[-1])[:, order].reshape(tensor.shape)
            if name.endswith(("self_attn.q_proj.weight", "self_attn.k_proj.weight")) else tensor
            for name, tensor in without_decays(tensors).items()}
