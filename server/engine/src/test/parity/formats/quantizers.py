"""What each quantizer of transformers stores for a matrix, and what its own library makes of that, in float32.

Every function takes the matrix and returns the stored parts, by the ends of their names, and the decoded matrix.
"""

import importlib.util
import types
from pathlib import Path

import bitsandbytes.functional as bnb
import numpy
import torch
from bitsandbytes.backends.default.ops import _dequantize_4bit_compute
from compressed_tensors.compressors import BaseCompressor
from compressed_tensors.compressors.nvfp4.helpers import unpack_fp4_from_uint8
from compressed_tensors.compressors.pack_quantized.helpers import pack_to_int32, unpack_from_int32
from compressed_tensors.quantization import QuantizationArgs, QuantizationScheme
from compressed_tensors.quantization.lifecycle.forward import dequantize
from compressed_tensors.quantization.utils import calculate_qparams
from torch import nn
from transformers.integrations.finegrained_fp8 import Fp8Dequantize, _dequantize_fp8_weight

from case import Tensors

Stored = tuple[Tensors, torch.Tensor]
FLOAT8 = torch.float8_e4m3fn


def module(name: str) -> types.ModuleType:
    """A module of a package whose other modules need versions that are not here."""
    package, _, rest = name.partition(".")
    root = Path(importlib.util.find_spec(package).submodule_search_locations[0])
    spec = importlib.util.spec_from_file_location(rest, root / (rest.replace(".", "/") + ".py"))
    loaded = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(loaded)
    return loaded


AWQ = module("awq.utils.packing_utils")
GPTQ = module("auto_gptq.nn_modules.qlinear.qlinear_cuda")


def blocked(matrix: torch.Tensor, rows: int, columns: int) -> torch.Tensor:
    """The greatest magnitude of each block; blocks at the edges may be smaller."""
    height, width = matrix.shape[-2:]
    padded = nn.functional.pad(matrix.abs(), (0, -width % columns, 0, -height % rows))
    return padded.unflatten(-1, (-1, columns)).unflatten(-3, (-1, rows)).amax((-1, -3))


def spread(scales: torch.Tensor, like: torch.Tensor, rows: int, columns: int) -> torch.Tensor:
    wide = scales.repeat_interleave(rows, -2).repeat_interleave(columns, -1)
    return wide[..., :like.shape[-2], :like.shape[-1]]


def fp8(matrix: torch.Tensor, block: list[int] | None, scale_type: torch.dtype = torch.float32) -> Stored:
    rows, columns = block or matrix.shape
    scales = (blocked(matrix, rows, columns) / 448).to(scale_type)
    numbers = (matrix / spread(scales.float(), matrix, rows, columns)).to(FLOAT8)
    if block is None:
        scales = scales.squeeze()
    decoded = _dequantize_fp8_weight(numbers, scales.float(), block, torch.float32)
    return {"weight": numbers, "weight_scale_inv": scales, "activation_scale": torch.tensor(0.5)}, decoded


def mxfp8(matrix: torch.Tensor) -> Stored:
    exponents = (blocked(matrix, 1, 32).log2().floor() - 8).clamp(-127, 127)
    numbers = (matrix / spread(exponents.exp2(), matrix, 1, 32)).clamp(-448, 448).to(FLOAT8)
    scales = (exponents + 127).to(torch.uint8)
    return ({"weight": numbers, "weight_scale_inv": scales},
            Fp8Dequantize(None)._dequantize_one(numbers, scales, torch.float32))


def fbgemm(matrix: torch.Tensor) -> Stored:
    parts, decoded = compressed(matrix, "float-quantized", num_bits=8, type="float", strategy="channel")
    return parts | {"input_scale_ub": torch.tensor([1200.0])}, decoded


def compressed(matrix: torch.Tensor, form: str, scale_type: torch.dtype = torch.bfloat16, **arguments) -> Stored:
    args = QuantizationArgs(**arguments)
    compressor = BaseCompressor.get_value_from_registry(form)
    scheme = QuantizationScheme(targets=["Linear"], weights=args)
    low, high = extremes(matrix, args)
    scales, zeros = calculate_qparams(low, high, args)
    scales = scales.to(scale_type).float()
    state = {"weight": matrix, "weight_scale": scales, "weight_zero_point": zeros}
    parts = compressor.compress(state, scheme)
    decoded = compressor.decompress(parts, scheme)["weight"].float()
    return parts | {"weight_scale": scales.to(scale_type), "input_scale": torch.tensor([0.5])}, decoded


def extremes(matrix: torch.Tensor, args: QuantizationArgs) -> tuple[torch.Tensor, torch.Tensor]:
    match args.strategy:
        case "tensor":
            return matrix.min().reshape(1), matrix.max().reshape(1)
        case "channel":
            return matrix.amin(1, keepdim=True), matrix.amax(1, keepdim=True)
        case "block":
            greatest = blocked(matrix, *args.block_structure)
            return -greatest, greatest
        case _:
            groups = matrix.unflatten(1, (-1, args.group_size))
            return groups.amin(-1), groups.amax(-1)


def compressed_in_other_order(matrix: torch.Tensor, generator: numpy.random.Generator) -> Stored:
    """Groups of columns that are not neighbors: the library decodes them as neighbors."""
    order = torch.from_numpy(generator.permutation(matrix.shape[1]))
    back = order.argsort()
    parts, decoded = compressed(matrix[:, order], "pack-quantized", num_bits=4, strategy="group", group_size=32)
    numbers = unpack_from_int32(parts["weight_packed"], 4, matrix.shape)
    parts["weight_packed"] = pack_to_int32(numbers[:, back].contiguous(), 4)
    parts["weight_g_idx"] = (back // 32).to(torch.int32)
    return parts, decoded[:, back]


def nvfp4(matrix: torch.Tensor) -> Stored:
    args = QuantizationArgs(num_bits=4, type="float", strategy="tensor_group", group_size=16)
    whole = (448 * 6 / matrix.abs().max()).reshape(1)
    scales = (blocked(matrix, 1, 16) / 6 * whole).to(FLOAT8).float()
    return packed_floats(matrix, "nvfp4-pack-quantized", args, scales, whole)


def mxfp4(matrix: torch.Tensor) -> Stored:
    args = QuantizationArgs(num_bits=4, type="float", strategy="group", group_size=32)
    scales = (blocked(matrix, 1, 32).log2().floor() - 2).exp2()
    return packed_floats(matrix, "mxfp4-pack-quantized", args, scales, None)


def packed_floats(matrix: torch.Tensor, form: str, args: QuantizationArgs, scales: torch.Tensor,
                  whole: torch.Tensor | None) -> Stored:
    state = {"weight": matrix, "weight_scale": scales} | ({} if whole is None else {"weight_global_scale": whole})
    scheme = QuantizationScheme(targets=["Linear"], weights=args)
    parts = BaseCompressor.get_value_from_registry(form).compress(state, scheme)
    numbers = unpack_fp4_from_uint8(parts["weight_packed"], *matrix.shape, torch.float32)
    return parts, dequantize(numbers, scales, args=args, dtype=torch.float32, global_scale=whole)


def awq(matrix: torch.Tensor, group_size: int) -> Stored:
    scales, zeros, numbers = integers(matrix, 4, group_size)
    words, zero_words = (packed_for_awq(some) for some in (numbers.T, zeros.T))
    scales = scales.T.contiguous()
    decoded = AWQ.dequantize_gemm(words, zero_words, scales.float(), 4, group_size).T
    return {"qweight": words, "qzeros": zero_words, "scales": scales}, decoded


def packed_for_awq(numbers: torch.Tensor) -> torch.Tensor:
    groups = numbers.to(torch.int64).unflatten(1, (-1, 8))[..., AWQ.AWQ_ORDER]
    return (groups << torch.arange(0, 32, 4)).sum(-1).to(torch.uint32).view(torch.int32)


def integers(matrix: torch.Tensor, bits: int, group_size: int,
             order: torch.Tensor | None = None) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """float16 scales, zeros from 1 on, and numbers of each row and group of columns."""
    order = torch.arange(matrix.shape[1]) if order is None else order
    groups = matrix[:, order].unflatten(1, (-1, group_size))
    most = 2 ** bits - 1
    low, high = groups.amin(-1).clamp(max=0), groups.amax(-1).clamp(min=0)
    scales = ((high - low) / most).half()
    zeros = (-low / scales.float()).round().clamp(1, most)
    numbers = (groups / scales.float()[..., None] + zeros[..., None]).round().clamp(0, most).flatten(1)
    return scales, zeros, numbers[:, order.argsort()]


def gptq(matrix: torch.Tensor, bits: int, group_size: int, order: torch.Tensor | None = None, version: int = 1) -> Stored:
    """With an order, columns are grouped by it. The second version stores zeros as they are."""
    outputs, inputs = matrix.shape
    scales, zeros, numbers = integers(matrix, bits, group_size, order)
    index = (torch.arange(inputs) if order is None else order.argsort()) // group_size
    values = scales.float()[:, index] * (numbers - zeros[:, index])
    layer = packed_for_gptq(values, bits, group_size, scales, zeros, index)
    zero_words = layer.qzeros
    if version == 2:
        zero_words = packed_for_gptq(values - scales.float()[:, index], bits, group_size, scales, zeros + 1, index).qzeros
    return ({"qweight": layer.qweight, "qzeros": zero_words, "scales": layer.scales.half(), "g_idx": layer.g_idx},
            layer(torch.eye(inputs)).T)


def packed_for_gptq(values: torch.Tensor, bits: int, group_size: int, scales: torch.Tensor, zeros: torch.Tensor,
                    index: torch.Tensor) -> nn.Module:
    outputs, inputs = values.shape
    layer = GPTQ.QuantLinear(bits, group_size, inputs, outputs, bias=False, weight_dtype=torch.float32)
    linear = nn.Linear(inputs, outputs, bias=False)
    linear.weight.data = values
    layer.pack(linear, scales.float(), zeros.clone(), index.to(torch.int32))
    return layer


def bitsandbytes_4bit(matrix: torch.Tensor, kind: str, nested: bool, storage: torch.dtype = torch.uint8) -> Stored:
    packed, state = bnb.quantize_4bit(matrix, blocksize=64, compress_statistics=nested, quant_type=kind, quant_storage=storage)
    parts = {"weight": packed} | {f"weight.{name}": part for name, part in state.as_dict(packed=True).items()}
    scales = bnb.dequantize_blockwise(state.absmax, state.state2) + state.offset if nested else state.absmax
    # The library's kernel for processors is wrong where a row is not a whole number of blocks; this is its general form.
    return parts, _dequantize_4bit_compute(
        packed.view(torch.uint8).reshape(-1), scales, state.code, state.blocksize, state.shape, torch.float32)


def bitsandbytes_8bit(matrix: torch.Tensor) -> Stored:
    numbers, greatest, _ = bnb.int8_vectorwise_quant(matrix.half())
    parts = {"weight": numbers, "SCB": greatest, "weight_format": torch.tensor(0, dtype=torch.uint8)}
    return parts, bnb.int8_vectorwise_dequant(numbers, greatest)


def stacked(matrix: torch.Tensor, quantizer, count: int) -> Stored:
    """Several matrices in one tensor of each part."""
    each = [quantizer(part) for part in matrix.chunk(count)]
    return ({name: torch.stack([parts[name] for parts, _ in each]) for name in each[0][0]},
            torch.stack([decoded for _, decoded in each]))

