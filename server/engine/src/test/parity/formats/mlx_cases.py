"""Directories as MLX quantizes them. The values come from MLX itself."""

import json
import shutil
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

import mlx.core as mx
import numpy
import torch
from safetensors.torch import load_file, save_file

from case import Case as AnyCase, Tensors
from checkpoint import token_ids, write_checkpoint, write_json
from families.llama import BASE, LLAMA, Case
from families.small import llama_like
from formats.experts import experts_apart, experts_stacked
from generate import run
from readout import readout

SIZES = {"hidden_size": 64, "intermediate_size": 128, "num_attention_heads": 4, "num_key_value_heads": 2,
         "num_hidden_layers": 2}
STACK = "switch_mlp"
"""MLX's folder of all experts' matrices."""


@dataclass(frozen=True)
class MlxCase:
    case: AnyCase
    quantization: dict
    """Without overrides: group_size and bits."""
    scales: torch.dtype
    overrides: dict = field(default_factory=dict)
    """Module to its own group_size and bits, or to None for one that stays as it is."""


CASES = [
    MlxCase(Case("mlx-4bit", "Four bits in groups of 32, scales in float16, a head of its own.", LLAMA, BASE | SIZES),
            {"group_size": 32, "bits": 4}, torch.float16),
    MlxCase(Case("mlx-8bit-tied", "Eight bits in groups of 64, scales in bfloat16, a quantized embedding that is the head.",
                 LLAMA, BASE | SIZES | {"tie_word_embeddings": True}),
            {"group_size": 64, "bits": 8}, torch.bfloat16),
    MlxCase(Case("mlx-mixed", "Modules with their own bits, one that is not quantized, scales in float32.",
                 LLAMA, BASE | SIZES),
            {"group_size": 64, "bits": 4}, torch.float32,
            overrides={"model.layers.0.mlp.down_proj": {"group_size": 32, "bits": 8},
                       "model.layers.0.mlp.up_proj": {"group_size": 64, "bits": 6},
                       "model.layers.1.mlp.down_proj": {"group_size": 32, "bits": 3},
                       "model.layers.1.self_attn.v_proj": None}),
    MlxCase(Case("mlx-experts", "A mixture of experts whose matrices are one tensor of each kind, routers with their own bits.", LLAMA,
                 llama_like("qwen3_moe", ("vocab_size",), **SIZES, head_dim=32, num_experts=3, num_experts_per_tok=2,
                            moe_intermediate_size=64, norm_topk_prob=True)),
            {"group_size": 32, "bits": 4}, torch.bfloat16,
            overrides={f"model.layers.{block}.mlp.gate": {"group_size": 64, "bits": 8} for block in (0, 1)}),
]


def write(mlx_case: MlxCase, directory: Path) -> None:
    shutil.rmtree(directory, ignore_errors=True)
    directory.mkdir(parents=True)
    with tempfile.TemporaryDirectory() as temporary:
        plain = Path(temporary) / "plain"
        write_checkpoint(mlx_case.case, plain)
        stored, decoded = quantize(mlx_case, load_file(plain / "model.safetensors"))
        save_file(decoded, plain / "model.safetensors", metadata={"format": "pt"})
        ids = token_ids(mlx_case.case, plain, 0)
        result = run(plain, mlx_case.case.family, ids, ())
        for file in ("tokenizer.json", "tokenizer_config.json"):
            shutil.copy(plain / file, directory)
        config = json.loads((plain / "config.json").read_text(encoding="utf-8"))
    overrides = {module: own or False for module, own in mlx_case.overrides.items()}
    quantization = mlx_case.quantization | overrides
    write_json(directory / "config.json", config | {"quantization": quantization, "quantization_config": quantization})
    write_json(directory / "case.json", {"note": mlx_case.case.note, "prompt": mlx_case.case.prompt})
    save_file(stored, directory / "model.safetensors", metadata={"format": "mlx"})
    save_file(readout(ids, result, list(range(len(ids)))), directory / "expected.safetensors")


def quantize(mlx_case: MlxCase, tensors: Tensors) -> tuple[Tensors, Tensors]:
    """What MLX stores, and the weights that it stands for in float32."""
    stored, decoded = {}, {}
    for name, tensor in experts_stacked(tensors, STACK).items():
        module = name.removesuffix(".weight")
        own = mlx_case.overrides.get(module, mlx_case.quantization)
        if tensor.dim() == 1 or own is None:
            stored[name] = tensor.to(mlx_case.scales)
            decoded[name] = stored[name].float()
        else:
            parts, decoded[name] = packed(tensor, mlx_case.scales, **own)
            stored |= {f"{module}.{part}": value for part, value in parts.items()}
    return stored, experts_apart(decoded, STACK)


def packed(tensor: torch.Tensor, scale_type: torch.dtype, group_size: int, bits: int) -> tuple[Tensors, torch.Tensor]:
    weight, scales, biases = mx.quantize(mx.array(tensor.numpy()), group_size, bits)
    # The scales are stored rounded; MLX decodes from what is stored.
    scales, biases = (torch.from_numpy(numpy.array(values)).to(scale_type) for values in (scales, biases))
    decoded = mx.dequantize(weight, mx.array(scales.float().numpy()), mx.array(biases.float().numpy()), group_size, bits)
    words = torch.from_numpy(numpy.array(weight).view(numpy.int32)).view(torch.uint32)
    return {"weight": words, "scales": scales, "biases": biases}, torch.from_numpy(numpy.array(decoded))


def write_blocks(directory: Path) -> None:
    """Every width and group, decoded alone: the weights in one file, what MLX makes of them in another."""
    shutil.rmtree(directory, ignore_errors=True)
    directory.mkdir(parents=True)
    generator = numpy.random.Generator(numpy.random.PCG64(7))
    stored, expected, modules = {}, {}, {}
    for bits in (2, 3, 4, 5, 6, 8):
        for group_size in (32, 64, 128):
            module = f"bits{bits}.group{group_size}"
            values = torch.from_numpy(generator.standard_normal((3, 256), dtype=numpy.float32))
            parts, decoded = packed(values, torch.float32, group_size, bits)
            stored |= {f"{module}.{part}": value for part, value in parts.items()}
            expected[f"{module}.weight"] = decoded
            modules[module] = {"group_size": group_size, "bits": bits}
    write_json(directory / "config.json", {"model_type": "llama", "quantization": {"group_size": 64, "bits": 4} | modules})
    save_file(stored, directory / "model.safetensors", metadata={"format": "mlx"})
    save_file(expected, directory / "expected.safetensors")
