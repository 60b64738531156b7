"""Directories as the quantizers of transformers write them. The numbers come from each quantizer's library."""

import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy
import torch
from safetensors.torch import load_file, save_file
from transformers import AutoModelForCausalLM

from case import Case as AnyCase, Tensors
from checkpoint import SEED, token_ids, write_checkpoint, write_json
from families.small import LLAMA, Case, llama_like
from formats import quantizers
from formats.quantizers import Stored
from generate import run
from readout import readout
from reference import Reference

SIZES = {"hidden_size": 64, "intermediate_size": 96, "num_attention_heads": 4, "num_key_value_heads": 2, "head_dim": 16}
NEAR = 1e-4
"""How far the logits may be from those that transformers computes from the directory itself."""


def order(size: int) -> torch.Tensor:
    return torch.from_numpy(numpy.random.Generator(numpy.random.PCG64([SEED, size])).permutation(size))


def groups(form: str, **weights: object) -> dict:
    return {"quant_method": "compressed-tensors", "format": form, "quantization_status": "compressed", "ignore": ["lm_head"],
            "config_groups": {"group_0": {"targets": ["Linear"], "weights": weights}}}


@dataclass(frozen=True)
class QuantizedCase:
    case: AnyCase
    quantizer: Callable[[torch.Tensor], Stored]
    """Of the matrices of the blocks but routers; the rest is plain."""
    config: dict
    transformers_reads_it: bool


INT4 = {"num_bits": 4, "type": "int", "strategy": "group", "group_size": 32}
CASES = [
    QuantizedCase(Case("fp8-blocks", "Experts and attention in float8 with a scale for each block; blocks that do not divide a matrix.",
                       LLAMA, llama_like("qwen3_moe", **SIZES, num_experts=3, num_experts_per_tok=2, moe_intermediate_size=48,
                                         norm_topk_prob=True)),
                  lambda matrix: quantizers.fp8(matrix, [32, 32]),
                  {"quant_method": "fp8", "fmt": "e4m3", "activation_scheme": "static", "weight_block_size": [32, 32]}, False),
    QuantizedCase(Case("compressed-tensors-int4", "Packed numbers of 4 bits with a scale for each group.",
                       LLAMA, llama_like("llama", **SIZES)),
                  lambda matrix: quantizers.compressed(matrix, "pack-quantized", **INT4),
                  groups("pack-quantized", **INT4), True),
    QuantizedCase(Case("gptq-act-order", "Numbers of 4 bits in the direction of the inputs, grouped in another order; biases.",
                       LLAMA, llama_like("qwen2", ("head_dim",), **{key: size for key, size in SIZES.items() if key != "head_dim"})),
                  lambda matrix: quantizers.gptq(matrix, 4, 32, order(matrix.shape[1])),
                  {"quant_method": "gptq", "bits": 4, "group_size": 32, "desc_act": True, "sym": False}, False),
    QuantizedCase(Case("awq", "Numbers of 4 bits in the order of the gemm kernel.", LLAMA, llama_like("mistral", **SIZES)),
                  lambda matrix: quantizers.awq(matrix, 32),
                  {"quant_method": "awq", "bits": 4, "group_size": 32, "zero_point": True, "version": "gemm"}, False),
    QuantizedCase(Case("bitsandbytes-nf4", "Numbers of 4 bits from a list, with scales that are quantized, too.",
                       LLAMA, llama_like("llama", **SIZES | {"intermediate_size": 128})),
                  lambda matrix: quantizers.bitsandbytes_4bit(matrix, "nf4", nested=True),
                  {"quant_method": "bitsandbytes", "load_in_4bit": True, "bnb_4bit_quant_type": "nf4",
                   "bnb_4bit_use_double_quant": True, "bnb_4bit_compute_dtype": "float32"}, False),  # its products are less exact
]


def write(quantized: QuantizedCase, directory: Path) -> None:
    shutil.rmtree(directory, ignore_errors=True)
    directory.mkdir(parents=True)
    case = quantized.case
    with tempfile.TemporaryDirectory() as temporary:
        plain = Path(temporary) / "plain"
        write_checkpoint(case, plain)
        stored, decoded = quantize(quantized.quantizer, load_file(plain / "model.safetensors"))
        save_file(decoded, plain / "model.safetensors", metadata={"format": "pt"})
        ids = token_ids(case, plain, case.config["vocab_size"])
        result = run(plain, case.family, ids, ())
    write_json(directory / "config.json", case.config | {"quantization_config": quantized.config})
    write_json(directory / "case.json", {"note": case.note})
    save_file(stored, directory / "model.safetensors", metadata={"format": "pt"})
    save_file(readout(ids, result, list(range(len(ids)))[-3:]), directory / "expected.safetensors")
    if quantized.transformers_reads_it:
        require_near(directory, ids, result)


def quantize(quantizer: Callable[[torch.Tensor], Stored], tensors: Tensors) -> tuple[Tensors, Tensors]:
    stored, decoded = {}, {}
    for name, tensor in tensors.items():
        module = name.removesuffix("weight")
        if not module.endswith("_proj."):
            stored[name], decoded[name] = tensor, tensor.float()
            continue
        parts, decoded[name] = quantizer(tensor.float())
        decoded[name] = decoded[name].contiguous()
        stored |= {module + part: value.contiguous() for part, value in parts.items()}
    return stored, decoded


def require_near(directory: Path, ids: list[int], result: Reference) -> None:
    model = AutoModelForCausalLM.from_pretrained(directory, dtype=torch.float32, attn_implementation="eager")
    with torch.no_grad():
        difference = (model(torch.tensor([ids])).logits[0] - result.logits[-1]).abs().max()
    if not difference < NEAR:
        raise SystemExit(f"{directory.name}: transformers' logits for the directory differ by {difference}")


BLOCKS = {
    "fp8": ({"quant_method": "fp8", "weight_block_size": [32, 40]}, {
        "blocks": lambda matrix: quantizers.fp8(matrix, [32, 40]),
        "bfloat16-scales": lambda matrix: quantizers.fp8(matrix, [32, 40], torch.bfloat16),
        "tensor": lambda matrix: quantizers.fp8(matrix, None),
        "stack": lambda matrix: quantizers.stacked(matrix, lambda part: quantizers.fp8(part, [32, 40]), 2)}),
    "mxfp8": ({"quant_method": "mxfp8"}, {"groups": quantizers.mxfp8}),
    "fbgemm_fp8": ({"quant_method": "fbgemm_fp8"}, {"rows": quantizers.fbgemm}),
    "compressed-tensors": (groups("mixed-precision", **INT4) | {"config_groups": {
        str(bits): {"targets": ["Linear"], "weights": {"num_bits": bits, "type": "int"}} for bits in (3, 4, 8)}}, {
        "int4-groups": lambda matrix: quantizers.compressed(matrix, "pack-quantized", **INT4),
        "int4-zeros": lambda matrix: quantizers.compressed(matrix, "pack-quantized", **INT4, symmetric=False),
        "int4-order": lambda matrix: quantizers.compressed_in_other_order(
            matrix, numpy.random.Generator(numpy.random.PCG64(SEED))),
        "int3-rows-zeros": lambda matrix: quantizers.compressed(
            matrix, "pack-quantized", num_bits=3, strategy="channel", symmetric=False),
        "int8-rows": lambda matrix: quantizers.compressed(matrix, "pack-quantized", num_bits=8, strategy="channel"),
        "bytes-rows": lambda matrix: quantizers.compressed(matrix, "int-quantized", num_bits=8, strategy="channel"),
        "bytes-zeros": lambda matrix: quantizers.compressed(
            matrix, "int-quantized", num_bits=8, strategy="channel", symmetric=False),
        "float8-tensor": lambda matrix: quantizers.compressed(
            matrix, "float-quantized", num_bits=8, type="float", strategy="tensor"),
        "float8-rows": lambda matrix: quantizers.compressed(
            matrix, "float-quantized", num_bits=8, type="float", strategy="channel"),
        "nvfp4": quantizers.nvfp4,
        "mxfp4": quantizers.mxfp4}),
    "compressed-tensors-blocks": (groups("float-quantized", num_bits=8, type="float", strategy="block",
                                         block_structure=[32, 40]), {
        "float8-blocks": lambda matrix: quantizers.compressed(
            matrix, "float-quantized", num_bits=8, type="float", strategy="block", block_structure=[32, 40])}),
    "awq": ({"quant_method": "awq", "bits": 4, "group_size": 32, "version": "gemm"}, {
        "groups": lambda matrix: quantizers.awq(matrix, 32),
        "rows": lambda matrix: quantizers.awq(matrix, matrix.shape[1])}),
    "gptq": ({"quant_method": "gptq", "bits": 4, "group_size": 32, "dynamic": {"+:.*": {"bits": 8}}}, {
        f"{bits}bits{'-order' if ordered else ''}": lambda matrix, bits=bits, ordered=ordered: quantizers.gptq(
            matrix, bits, 32, order(matrix.shape[1]) if ordered else None)
        for bits in (2, 3, 4, 8) for ordered in (False, True)}),
    "gptq_v2": ({"quant_method": "gptq", "checkpoint_format": "gptq_v2", "bits": 4, "group_size": -1}, {
        "rows": lambda matrix: quantizers.gptq(matrix, 4, matrix.shape[1], version=2)}),
    "bitsandbytes": ({"quant_method": "bitsandbytes"}, {
        **{f"{kind}{'-nested' if nested else ''}": lambda matrix, kind=kind, nested=nested: quantizers.bitsandbytes_4bit(
            matrix, kind, nested) for kind in ("nf4", "fp4") for nested in (False, True)},
        "nf4-in-bfloat16": lambda matrix: quantizers.bitsandbytes_4bit(matrix, "nf4", False, torch.bfloat16),
        "int8": quantizers.bitsandbytes_8bit}),
}


def write_blocks(directory: Path) -> None:
    """Each form of a matrix alone: the directory, and what the quantizer's library makes of it."""
    shutil.rmtree(directory, ignore_errors=True)
    generator = numpy.random.Generator(numpy.random.PCG64(13))
    for name, (config, forms) in BLOCKS.items():
        folder = directory / name
        folder.mkdir(parents=True)
        stored, expected = {}, {}
        for module, quantizer in forms.items():
            matrix = torch.from_numpy(generator.standard_normal((64, 96), dtype=numpy.float32))
            parts, decoded = quantizer(matrix)
            stored |= {f"{module}.{part}": value.contiguous() for part, value in parts.items()}
            expected[f"{module}.weight"] = decoded.contiguous()
        write_json(folder / "config.json", {"model_type": "llama", "quantization_config": config})
        save_file(stored, folder / "model.safetensors", metadata={"format": "pt"})
        save_file(expected, folder / "expected.safetensors")
