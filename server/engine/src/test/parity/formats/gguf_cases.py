"""GGUF files as llama.cpp's converter writes them. Expected values are those of transformers for the same numbers."""

import json
import math
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
from transformers import AutoConfig

from case import Case as AnyCase, Tensors
from checkpoint import SEED, token_ids, write_checkpoint, write_json
from families.gpt2 import BASE as GPT2_BASE, GPT2
from families.gpt_relatives import FALCON, GPT
from families.llama import BASE as LLAMA_BASE, LLAMA, Case
from families.small import llama_like
from formats.experts import experts_apart, experts_stacked
from formats.gguf_quants import decoded, stored
from generate import run
from readout import readout

FILE = "model.gguf"
LEGACY = [Type.Q8_0, Type.Q4_0, Type.Q4_1, Type.Q5_0, Type.Q5_1, Type.F16, Type.BF16, Type.F32]
MIXED = [Type.Q8_0, Type.Q5_1, Type.BF16]
SUPER = [Type.Q4_K, Type.Q5_K, Type.Q6_K]
FEW_BITS = [Type.Q2_K, Type.Q3_K, Type.IQ2_XXS, Type.IQ2_XS, Type.IQ2_S, Type.IQ3_XXS, Type.IQ3_S, Type.IQ1_S, Type.IQ1_M,
            Type.IQ4_NL, Type.IQ4_XS, Type.TQ1_0, Type.TQ2_0]
FLOAT4 = [Type.MXFP4, Type.NVFP4]


@dataclass(frozen=True)
class GgufCase:
    case: AnyCase
    architecture: str
    types: list[Type]
    """Of the matrices, in turn; the rest is F32."""
    metadata: dict = field(default_factory=dict)
    """Keys beside those of every decoder."""
    forward: Callable[[str, torch.Tensor, AutoConfig], torch.Tensor] = lambda name, tensor, config: tensor
    """What llama.cpp makes of a tensor, by GGUF's name."""
    backward: Callable[[str, torch.Tensor, AutoConfig], torch.Tensor] = lambda name, tensor, config: tensor
    factors: dict[str, list[float]] = field(default_factory=dict)
    """Tensors that are configuration in transformers, by GGUF's names."""
    experts: Type | None = None
    """Of the experts' matrices, if it is another one."""
    to_file: Callable[[Tensors], Tensors] = experts_stacked
    """From transformers' tensors to those that have a name in GGUF, under transformers' names."""
    from_file: Callable[[Tensors], Tensors] = experts_apart


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


def plus_one(name: str, tensor: torch.Tensor, config: AutoConfig) -> torch.Tensor:
    return tensor + 1 if name.endswith("norm.weight") else tensor


def less_one(name: str, tensor: torch.Tensor, config: AutoConfig) -> torch.Tensor:
    return tensor - 1 if name.endswith("norm.weight") else tensor


def by_kind(name: str, tensor: torch.Tensor, config: AutoConfig) -> torch.Tensor:
    return tensor.unflatten(0, (config.n_head, 3, -1)).transpose(0, 1).flatten(0, 2) if module(name) == "attn_qkv" else tensor


def by_head(name: str, tensor: torch.Tensor, config: AutoConfig) -> torch.Tensor:
    return tensor.unflatten(0, (3, config.n_head, -1)).transpose(0, 1).flatten(0, 2) if module(name) == "attn_qkv" else tensor


def gate_as_row(name: str, tensor: torch.Tensor, config: AutoConfig) -> torch.Tensor:
    return tensor.flatten() if module(name) == "ffn_gate_inp_shexp" else tensor


def gate_as_matrix(name: str, tensor: torch.Tensor, config: AutoConfig) -> torch.Tensor:
    return tensor.unsqueeze(0) if module(name) == "ffn_gate_inp_shexp" else tensor


def gate_and_up_apart(tensors: Tensors) -> Tensors:
    apart = {}
    for name, tensor in tensors.items():
        inputs_first = tensor.dim() == 3
        values = tensor.transpose(1, 2) if inputs_first else tensor
        stem, kind = name.removesuffix("_bias"), ".weight" if inputs_first else ".bias"
        if stem.endswith("gate_up_proj"):
            apart[stem.replace("gate_up_proj", "gate_proj") + kind] = values[:, 0::2]
            apart[stem.replace("gate_up_proj", "up_proj") + kind] = values[:, 1::2]
        elif stem.endswith("down_proj"):
            apart[stem + kind] = values
        else:
            apart[name + ".weight" if name.endswith("sinks") else name] = tensor
    return apart


def gate_and_up_together(tensors: Tensors) -> Tensors:
    together = {}
    for name, tensor in tensors.items():
        stem, _, kind = name.rpartition(".")
        if stem.endswith("up_proj"):
            continue
        if stem.endswith("gate_proj"):
            up = tensors[f"{stem.removesuffix('gate_proj')}up_proj.{kind}"]
            tensor = torch.stack([tensor, up], 2).flatten(1, 2)
            stem = stem.replace("gate_proj", "gate_up_proj")
        if "experts" in stem:
            together[stem + "_bias" if kind == "bias" else stem] = tensor if kind == "bias" else tensor.transpose(1, 2)
        else:
            together[stem if stem.endswith("sinks") else name] = tensor
    return together


def relative(model_type: str, without: tuple[str, ...] = (), **keys: object) -> dict:
    """A configuration whose sizes are whole blocks; the tokenizer gives the vocabulary's."""
    return llama_like(model_type, (*without, "vocab_size"), **(SMALL | keys))


def module(name: str) -> str:
    return name.split(".")[-2]


SMALL = {"hidden_size": 64, "intermediate_size": 96, "num_attention_heads": 4, "num_key_value_heads": 2,
         "num_hidden_layers": 2}
EXPERTS = {"num_experts": 3, "num_experts_per_tok": 2, "moe_intermediate_size": 64}
EXPERT_COUNTS = {"expert_count": 3, "expert_used_count": 2, "expert_feed_forward_length": 64}
TINY = {"hidden_size": 32, "intermediate_size": 64}
GPT_OSS = {"num_local_experts": 3, "num_experts_per_tok": 2, "head_dim": 16, "sliding_window": 4}
YARN = {"rope_type": "yarn", "rope_theta": 500.0, "factor": 4.0, "original_max_position_embeddings": 100, "beta_fast": 32.0,
        "beta_slow": 1.0, "truncate": False}
WORDS = " the café in is"
SHORT = [1.0, 1.25, 1.5, 2.0, 2.5, 3.0]
LONG = [2.0, 4.0, 6.0, 7.0, 8.0, 9.0]
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
    GgufCase(Case("gguf-qwen2", "Rows as transformers has them, biases on queries, keys and values.",
                  LLAMA, relative("qwen2", rope_theta=500.0)),
             "qwen2", MIXED, RMS | {"rope.freq_base": 500.0}),
    GgufCase(Case("gguf-qwen3", "Norms on the heads of queries and keys.", LLAMA, relative("qwen3", head_dim=128)),
             "qwen3", MIXED, RMS | {"attention.key_length": 128, "attention.value_length": 128, "rope.freq_base": 10000.0}),
    GgufCase(Case("gguf-qwen3moe", "Experts of a kind in one tensor, one of each type.",
                  LLAMA, relative("qwen3_moe", head_dim=16, norm_topk_prob=True, **EXPERTS)),
             "qwen3moe", MIXED, RMS | {"attention.key_length": 16, "attention.value_length": 16, "rope.freq_base": 10000.0}
             | EXPERT_COUNTS),
    GgufCase(Case("gguf-qwen2moe", "A shared expert with a gate, too.",
                  LLAMA, relative("qwen2_moe", shared_expert_intermediate_size=96, **EXPERTS)),
             "qwen2moe", MIXED, RMS | {"rope.freq_base": 10000.0, "expert_shared_feed_forward_length": 96} | EXPERT_COUNTS,
             gate_as_row, gate_as_matrix),
    GgufCase(Case("gguf-gemma", "Norms with their 1 added, the embedding times the root of its width.",
                  LLAMA, relative("gemma", ("hidden_act", "tie_word_embeddings"), head_dim=32)),
             "gemma", MIXED, RMS | {"attention.key_length": 32, "attention.value_length": 32}, plus_one, less_one),
    GgufCase(Case("gguf-gemma2", "Norms with their 1 added; caps and a window.",
                  LLAMA, relative("gemma2", ("hidden_act", "tie_word_embeddings"), head_dim=256, sliding_window=4)),
             "gemma2", MIXED, RMS | {"attention.key_length": 256, "attention.value_length": 256, "attention.sliding_window": 4,
                                     "attn_logit_softcapping": 50.0, "final_logit_softcapping": 30.0}, plus_one, less_one),
    GgufCase(Case("gguf-gemma3", "The same with norms on heads.",
                  LLAMA, relative("gemma3_text", ("hidden_act", "tie_word_embeddings"), head_dim=256, sliding_window=4,
                                  rope_theta=1000000.0)),
             "gemma3", MIXED, RMS | {"attention.key_length": 256, "attention.value_length": 256, "attention.sliding_window": 4,
                                     "rope.freq_base": 1000000.0}, plus_one, less_one),
    GgufCase(Case("gguf-gemma3-global", "No window, and so the same frequencies in every block.",
                  LLAMA, relative("gemma3_text", ("hidden_act", "tie_word_embeddings"), head_dim=32, query_pre_attn_scalar=32, sliding_window=4,
                                  layer_types=["full_attention"] * 2, rope_parameters={
                                      kind: {"rope_type": "default", "rope_theta": 1000000.0}
                                      for kind in ("full_attention", "sliding_attention")})),
             "gemma3", MIXED, RMS | {"attention.key_length": 32, "attention.value_length": 32, "rope.freq_base": 1000000.0},
             plus_one, less_one),
    GgufCase(Case("gguf-phi3", "Queries, keys and values in one tensor, gate and up in another.",
                  LLAMA, relative("phi3", pad_token_id=0)),
             "phi3", MIXED, RMS | {"rope.dimension_count": 16, "rope.freq_base": 10000.0}),
    GgufCase(Case("gguf-phi3-longrope", "Factors of LongRoPE in tensors, for a prompt beyond the original context; part of each head is rotated.",
                  LLAMA, relative("phi3", pad_token_id=0, partial_rotary_factor=0.75, max_position_embeddings=32,
                                  original_max_position_embeddings=8,
                                  rope_scaling={"type": "longrope", "original_max_position_embeddings": 8,
                                                "short_factor": SHORT, "long_factor": LONG})),
             "phi3", MIXED, RMS | {"rope.dimension_count": 12, "rope.freq_base": 10000.0,
                                   "rope.scaling.original_context_length": 8,
                                   "rope.scaling.attn_factor": math.sqrt(1 + math.log(32 / 8) / math.log(8))},
             factors={"rope_factors_short.weight": SHORT, "rope_factors_long.weight": LONG}),
    GgufCase(Case("gguf-starcoder2", "LayerNorm and biases.", LLAMA, relative("starcoder2", ("hidden_act", "rms_norm_eps"))),
             "starcoder2", MIXED, {"attention.layer_norm_epsilon": 1e-5}),
    GgufCase(Case("gguf-stablelm", "A quarter of each head is rotated.", LLAMA, relative("stablelm", ("rms_norm_eps",))),
             "stablelm", MIXED, {"attention.layer_norm_epsilon": 1e-5, "rope.dimension_count": 4}),
    GgufCase(Case("gguf-nemotron", "LayerNorm with its 1 added, half of each head is rotated.",
                  LLAMA, relative("nemotron", ("hidden_act", "rms_norm_eps"))),
             "nemotron", MIXED, {"attention.layer_norm_epsilon": 1e-5, "rope.dimension_count": 8, "rope.freq_base": 10000.0},
             plus_one, less_one),
    GgufCase(Case("gguf-bloom", "Queries, keys and values one after another; alibi.",
                  GPT, {"model_type": "bloom", "hidden_size": 64, "n_head": 4, "n_layer": 2}),
             "bloom", MIXED, {"attention.layer_norm_epsilon": 1e-5}, by_kind, by_head),
    GgufCase(Case("gguf-falcon", "One norm for both branches, one head of keys and values.",
                  FALCON, {"model_type": "falcon", "hidden_size": 64, "num_attention_heads": 4, "num_hidden_layers": 2}),
             "falcon", MIXED, {"attention.layer_norm_epsilon": 1e-5, "rope.freq_base": 10000.0}),
    GgufCase(Case("gguf-gpt-oss", "Experts in MXFP4, gate and up apart, with biases; sinks, a window on even blocks, YaRN with unrounded bounds.",
                  LLAMA, relative("gpt_oss", ("hidden_act",), **TINY, **GPT_OSS, max_position_embeddings=400, rope_parameters=YARN), prompt=WORDS),
             "gpt-oss", MIXED, RMS | {"attention.key_length": 16, "attention.value_length": 16, "attention.sliding_window": 4,
                                      "expert_count": 3, "expert_used_count": 2, "expert_feed_forward_length": 64,
                                      "rope.freq_base": 500.0, "rope.scaling.type": "yarn", "rope.scaling.factor": 4.0,
                                      "rope.scaling.original_context_length": 100, "rope.scaling.yarn_beta_fast": 32.0,
                                      "rope.scaling.yarn_beta_slow": 1.0},
             experts=Type.MXFP4, to_file=gate_and_up_apart, from_file=gate_and_up_together),
    GgufCase(Case("gguf-gpt-oss-unscaled", "No scaling, which the class has by default; flags of blocks with a window.",
                  LLAMA, relative("gpt_oss", ("hidden_act",), **TINY, **GPT_OSS, layer_types=["full_attention", "sliding_attention"],
                                  rope_parameters={"rope_type": "default", "rope_theta": 1000.0}), prompt=WORDS),
             "gpt-oss", MIXED, RMS | {"attention.key_length": 16, "attention.value_length": 16, "attention.sliding_window": 4,
                                      "attention.sliding_window_pattern": [False, True], "expert_count": 3,
                                      "expert_used_count": 2, "expert_feed_forward_length": 64, "rope.freq_base": 1000.0},
             to_file=gate_and_up_apart, from_file=gate_and_up_together),
    GgufCase(Case("gguf-olmo2", "Norms behind the branches, and on all heads of queries and keys at once.",
                  LLAMA, relative("olmo2", **TINY, rope_theta=500.0), prompt=WORDS),
             "olmo2", MIXED, RMS | {"rope.freq_base": 500.0}),
    GgufCase(Case("gguf-granite", "Factors on embedding, branches, scores and logits; rows of queries and keys in pairs, with biases.",
                  LLAMA, relative("granite", **TINY, attention_bias=True, embedding_multiplier=3.0, residual_multiplier=0.4,
                                  attention_multiplier=0.25, logits_scaling=2.0), prompt=WORDS),
             "granite", MIXED, RMS | {"rope.freq_base": 10000.0, "rope.dimension_count": 8, "attention.scale": 0.25,
                                      "embedding_scale": 3.0, "residual_scale": 0.4, "logit_scale": 2.0},
             paired, halves),
    GgufCase(Case("gguf-smollm3", "Every fourth block does not rotate; rows of queries and keys in pairs, tied.",
                  LLAMA, relative("smollm3", ("tie_word_embeddings",), **TINY, num_hidden_layers=4, pad_token_id=0, rope_theta=500.0),
                  prompt=WORDS),
             "smollm3", MIXED, RMS | {"rope.freq_base": 500.0, "rope.dimension_count": 8}, paired, halves),
    GgufCase(Case("gguf-cohere2", "Blocks with a window, which alone rotate, in adjacent pairs; a factor on the logits.",
                  LLAMA, relative("cohere2", ("rms_norm_eps", "tie_word_embeddings"), **TINY, num_hidden_layers=4, sliding_window=4,
                                  sliding_window_pattern=4, logit_scale=0.5, layer_norm_eps=1e-5, rope_theta=500.0), prompt=WORDS),
             "cohere2", MIXED, {"attention.layer_norm_epsilon": 1e-5, "attention.sliding_window": 4, "logit_scale": 0.5,
                                "rope.freq_base": 500.0, "rope.dimension_count": 8, "rope.scaling.type": "none"}),
    GgufCase(Case("gguf-exaone4", "Norms behind the branches, norms on heads; flags of blocks with a window, which alone rotate.",
                  LLAMA, relative("exaone4", **TINY, sliding_window=4, rope_theta=500.0,
                                  layer_types=["full_attention", "sliding_attention"]), prompt=WORDS),
             "exaone4", MIXED, RMS | {"attention.sliding_window": 4, "attention.sliding_window_pattern": [False, True],
                                      "rope.freq_base": 500.0}),
    GgufCase(Case("gguf-exaone4-global", "No window: every block rotates.",
                  LLAMA, relative("exaone4", **TINY, sliding_window=None, rope_theta=500.0,
                                  layer_types=["full_attention"] * 2), prompt=WORDS),
             "exaone4", MIXED, RMS | {"rope.freq_base": 500.0}),
    GgufCase(Case("gguf-glm4", "Norms in front of the branches and behind them; half of each head is rotated, in adjacent pairs.",
                  LLAMA, relative("glm4", **TINY, head_dim=16, attention_bias=True, pad_token_id=0, rope_theta=500.0), prompt=WORDS),
             "glm4", MIXED, RMS | {"attention.key_length": 16, "attention.value_length": 16, "rope.dimension_count": 8,
                                   "rope.freq_base": 500.0}),
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
        ids = token_ids(gguf_case.case, plain, 0)
        same = run(plain, family, ids, None)
    write_json(directory / "case.json", {"note": gguf_case.case.note, "prompt": gguf_case.case.prompt, "file": FILE})
    save_file(readout(ids, same, list(range(len(ids)))[-3:]), directory / "expected.safetensors")


def write_file(gguf_case: GgufCase, config: AutoConfig, tokenizer: Tokenizer, tensors: Tensors, file: Path) -> Tensors:
    """Writes the file; returns transformers' tensors of the numbers that are in it."""
    writer = GGUFWriter(file, gguf_case.architecture)
    add_metadata(writer, gguf_case, config)
    add_tokenizer(writer, tokenizer)
    architecture = next(key for key, name in MODEL_ARCH_NAMES.items() if name == gguf_case.architecture)
    names = get_tensor_name_map(architecture, config.num_hidden_layers)
    decoded_tensors, matrices = {}, 0
    for hub_name, tensor in gguf_case.to_file(tensors).items():
        name = names.get_name(hub_name, (".weight", ".bias")) or names.get_name(hub_name.removeprefix("transformer."), (".weight", ".bias"))
        values = gguf_case.forward(name, tensor, config).contiguous().numpy()
        quantization = Type.F32
        if gguf_case.experts and name.endswith("exps.weight"):
            quantization = gguf_case.experts
        elif values.ndim > 1 and name.endswith(".weight"):
            quantization = gguf_case.types[matrices % len(gguf_case.types)]
            matrices += 1
        generator = numpy.random.Generator(numpy.random.PCG64([SEED, zlib.crc32(f"{gguf_case.case.name}/{name}".encode())]))
        data = stored(values, quantization, generator)
        writer.add_tensor(name, data, raw_dtype=quantization)
        read = torch.from_numpy(decoded(data, quantization).reshape(values.shape))
        decoded_tensors[hub_name] = gguf_case.backward(name, read, config).contiguous()
    for name, values in gguf_case.factors.items():
        writer.add_tensor(name, numpy.array(values, dtype=numpy.float32))
    for step in (writer.write_header_to_file, writer.write_kv_data_to_file, writer.write_tensors_to_file, writer.close):
        step()
    return {name: tensor.contiguous() for name, tensor in gguf_case.from_file(decoded_tensors).items()}


def add_metadata(writer: GGUFWriter, gguf_case: GgufCase, config: AutoConfig) -> None:
    writer.add_name(gguf_case.case.name)
    writer.add_block_count(config.num_hidden_layers)
    writer.add_context_length(getattr(config, "max_position_embeddings", 64))
    writer.add_embedding_length(config.hidden_size)
    writer.add_feed_forward_length(getattr(config, "intermediate_size", 4 * config.hidden_size))
    writer.add_head_count(config.num_attention_heads)
    shared = 1 if gguf_case.architecture == "falcon" else getattr(config, "num_key_value_heads", config.num_attention_heads)
    writer.add_head_count_kv(shared)
    for key, value in gguf_case.metadata.items():
        add = {float: writer.add_float32, int: writer.add_uint32, str: writer.add_string, list: writer.add_array}[type(value)]
        add(f"{gguf_case.architecture}.{key}", value)


def add_tokenizer(writer: GGUFWriter, tokenizer: Tokenizer) -> None:
    tokens = [token for token, _ in sorted(tokenizer.get_vocab().items(), key=lambda entry: entry[1])]
    added = {token.content for token in tokenizer.get_added_tokens_decoder().values()}
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("gpt-2")
    writer.add_pad_token_id(0)
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
    for quantization in [*LEGACY, *SUPER, *FEW_BITS, *FLOAT4]:
        name = f"{quantization.name}.weight"
        data = stored(generator.standard_normal((3, 512), dtype=numpy.float32), quantization, generator)
        writer.add_tensor(name, data, raw_dtype=quantization)
        expected[name] = torch.from_numpy(decoded(data, quantization))
    for step in (writer.write_header_to_file, writer.write_kv_data_to_file, writer.write_tensors_to_file, writer.close):
        step()
    save_file(expected, directory / "expected.safetensors")
