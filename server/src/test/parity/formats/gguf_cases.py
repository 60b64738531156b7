"""GGUF files as llama.cpp's converter writes them. Expected values are those of transformers reading the same file."""

import json
import shutil
import tempfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy
import torch
from gguf import MODEL_ARCH_NAMES, GGMLQuantizationType as Type, GGUFWriter, TokenType, get_tensor_name_map
from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer
from transformers import AutoConfig, AutoModelForCausalLM

import reference
from case import Case, Tensors
from checkpoint import SEED, write_checkpoint, write_json
from families.gpt2 import BASE as GPT2_BASE, GPT2
from families.llama import BASE as LLAMA_BASE, LLAMA
from formats.gguf_quants import decoded, stored
from generate import PROMPT, run
from readout import readout

FILE = "model.gguf"
LEGACY = [Type.Q8_0, Type.Q4_0, Type.Q4_1, Type.Q5_0, Type.Q5_1, Type.F16, Type.BF16, Type.F32]
SUPER = [Type.Q4_K, Type.Q5_K, Type.Q6_K]
NEAR = 2e-3
"""How far transformers' logits for the file may be from those for the same weights in its own format."""


@dataclass(frozen=True)
class GgufCase:
    case: Case
    architecture: str
    types: list[Type]
    """Of the matrices, in turn; the rest is F32."""
    metadata: dict = field(default_factory=dict)
    """Keys beside those of every decoder."""
    forward: Callable[[str, torch.Tensor, AutoConfig], torch.Tensor] = lambda name, tensor, config: tensor
    """What llama.cpp makes of a tensor, by GGUF's name."""
    backward: Callable[[str, torch.Tensor, AutoConfig], torch.Tensor] = lambda name, tensor, config: tensor


def paired(name: str, tensor: torch.Tensor, config: AutoConfig) -> torch.Tensor:
    heads = heads_of(name, config)
    return tensor if heads is None else tensor.unflatten(0, (heads, 2, -1)).transpose(1, 2).flatten(0, 2)


def halves(name: str, tensor: torch.Tensor, config: AutoConfig) -> torch.Tensor:
    heads = heads_of(name, config)
    return tensor if heads is None else tensor.unflatten(0, (heads, -1, 2)).transpose(1, 2).flatten(0, 2)


def heads_of(name: str, config: AutoConfig) -> int | None:
    return {"attn_q": config.num_attention_heads, "attn_k": config.num_key_value_heads}.get(module(name))


def transposed(name: str, tensor: torch.Tensor, config: AutoConfig) -> torch.Tensor:
    return tensor.T if tensor.dim() == 2 and module(name) in {"attn_qkv", "attn_output", "ffn_up", "ffn_down"} else tensor


def module(name: str) -> str:
    return name.split(".")[-2]


SMALL = {"hidden_size": 64, "intermediate_size": 96, "num_attention_heads": 4, "num_key_value_heads": 2,
         "num_hidden_layers": 2}
RMS = {"attention.layer_norm_rms_epsilon": 1e-5}

CASES = [
    GgufCase(Case("gguf-llama", "Every type with blocks of 32, and the plain ones; two query heads to a key-value head.",
                  LLAMA, LLAMA_BASE | SMALL | {"num_hidden_layers": 3, "rope_theta": 500.0}),
             "llama", LEGACY, RMS | {"rope.freq_base": 500.0, "rope.dimension_count": 16}, paired, halves),
    GgufCase(Case("gguf-llama-k", "Every type with blocks of 256; the head is the embedding.",
                  LLAMA, LLAMA_BASE | SMALL | {"hidden_size": 256, "intermediate_size": 256, "num_hidden_layers": 1,
                                               "tie_word_embeddings": True}),
             "llama", SUPER, RMS | {"rope.dimension_count": 64}, paired, halves),
    GgufCase(Case("gguf-gpt2", "Matrices that transformers stores transposed, in blocks and plain; as many positions as transformers assumes.",
                  GPT2, GPT2_BASE | {"n_embd": 64, "n_head": 4, "n_layer": 2, "n_ctx": 1024, "n_positions": 1024}),
             "gpt2", [Type.Q8_0, Type.Q5_1, Type.F16, Type.F32], {"attention.layer_norm_epsilon": 1e-5},
             transposed, transposed),
]


def write(gguf_case: GgufCase, directory: Path) -> None:
    shutil.rmtree(directory, ignore_errors=True)
    directory.mkdir(parents=True)
    family = gguf_case.case.family
    with tempfile.TemporaryDirectory() as temporary:
        plain = Path(temporary) / "plain"
        write_checkpoint(gguf_case.case, plain)
        config = AutoConfig.from_pretrained(plain)
        tokenizer = Tokenizer.from_file(str(plain / "tokenizer.json"))
        tensors = write_file(gguf_case, config, tokenizer, load_file(plain / "model.safetensors"), directory / FILE)
        save_file(tensors, plain / "model.safetensors", metadata={"format": "pt"})
        token_ids, same = run(plain, family, PROMPT, ())
    model = AutoModelForCausalLM.from_pretrained(
        directory, gguf_file=FILE, dtype=torch.float32, attn_implementation="eager").eval()
    result = reference.run(model, family, token_ids)
    distance = (result.logits - same.logits).abs().max()
    if distance > NEAR:
        raise ValueError(f"{gguf_case.case.name}: transformers reads the file {distance} away from its own format")
    write_json(directory / "case.json", {"note": gguf_case.case.note, "prompt": PROMPT, "file": FILE})
    save_file(readout(token_ids, result, list(range(len(token_ids)))), directory / "expected.safetensors")


def write_file(gguf_case: GgufCase, config: AutoConfig, tokenizer: Tokenizer, tensors: Tensors, file: Path) -> Tensors:
    """Writes the file; returns transformers' tensors of the numbers that are in it."""
    writer = GGUFWriter(file, gguf_case.architecture)
    add_metadata(writer, gguf_case, config)
    add_tokenizer(writer, tokenizer)
    architecture = next(key for key, name in MODEL_ARCH_NAMES.items() if name == gguf_case.architecture)
    names = get_tensor_name_map(architecture, config.num_hidden_layers)
    decoded_tensors, matrices = {}, 0
    for hub_name, tensor in tensors.items():
        name = names.get_name(hub_name, try_suffixes=(".weight", ".bias"))
        values = gguf_case.forward(name, tensor, config).contiguous().numpy()
        quantisation = Type.F32
        if values.ndim > 1:
            quantisation = gguf_case.types[matrices % len(gguf_case.types)]
            matrices += 1
        generator = numpy.random.Generator(numpy.random.PCG64([SEED, zlib.crc32(f"{gguf_case.case.name}/{name}".encode())]))
        data = stored(values, quantisation, generator)
        writer.add_tensor(name, data, raw_dtype=quantisation)
        read = torch.from_numpy(decoded(data, quantisation).reshape(values.shape))
        decoded_tensors[hub_name] = gguf_case.backward(name, read, config).contiguous()
    for step in (writer.write_header_to_file, writer.write_kv_data_to_file, writer.write_tensors_to_file, writer.close):
        step()
    return decoded_tensors


def add_metadata(writer: GGUFWriter, gguf_case: GgufCase, config: AutoConfig) -> None:
    writer.add_name(gguf_case.case.name)
    writer.add_block_count(config.num_hidden_layers)
    writer.add_context_length(config.max_position_embeddings)
    writer.add_embedding_length(config.hidden_size)
    writer.add_feed_forward_length(getattr(config, "intermediate_size", 4 * config.hidden_size))
    writer.add_head_count(config.num_attention_heads)
    writer.add_head_count_kv(getattr(config, "num_key_value_heads", config.num_attention_heads))
    for key, value in gguf_case.metadata.items():
        add = writer.add_float32 if isinstance(value, float) else writer.add_uint32
        add(f"{gguf_case.architecture}.{key}", value)


def add_tokenizer(writer: GGUFWriter, tokenizer: Tokenizer) -> None:
    tokens = [token for token, _ in sorted(tokenizer.get_vocab().items(), key=lambda entry: entry[1])]
    added = {token.content for token in tokenizer.get_added_tokens_decoder().values()}
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("gpt-2")
    writer.add_token_list(tokens)
    writer.add_token_types([TokenType.CONTROL if token in added else TokenType.NORMAL for token in tokens])
    model = json.loads(tokenizer.to_str())["model"]
    writer.add_token_merges([" ".join(merge) for merge in model["merges"]])


def write_blocks(directory: Path) -> None:
    """Every type alone, of random bits: a file, and what the gguf package makes of it."""
    shutil.rmtree(directory, ignore_errors=True)
    directory.mkdir(parents=True)
    generator = numpy.random.Generator(numpy.random.PCG64(11))
    writer = GGUFWriter(directory / FILE, "llama")
    writer.add_block_count(1)
    writer.add_context_length(8)
    writer.add_embedding_length(8)
    writer.add_head_count(2)
    expected = {}
    for quantisation in [*LEGACY, *SUPER]:
        name = f"{quantisation.name}.weight"
        data = stored(generator.standard_normal((3, 512), dtype=numpy.float32), quantisation, generator)
        writer.add_tensor(name, data, raw_dtype=quantisation)
        expected[name] = torch.from_numpy(decoded(data, quantisation))
    for step in (writer.write_header_to_file, writer.write_kv_data_to_file, writer.write_tensors_to_file, writer.close):
        step()
    save_file(expected, directory / "expected.safetensors")
