"""Writes a case as a Hugging Face model directory whose parameters are all random."""

import json
import tempfile
import zlib
from pathlib import Path

import numpy
import torch
from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer
from torch import nn
from transformers import AutoConfig
from transformers.pytorch_utils import Conv1D

from case import Case, Tensors
from reference import auto_class
from tiny_tokenizer import tiny_tokenizer, tokenizer_config

SEED = 20250


def write_checkpoint(case: Case, directory: Path) -> None:
    directory.mkdir(parents=True)
    write_json(directory / "config.json", write_tokenizer(case, directory) | case.config)
    tensors = {name: tensor for name, tensor in case.file_tensors(hub_tensors(random_model(case, directory))).items()
               if not (case.absent and name.startswith(case.absent))}
    write_shards({name: (tensor.to(case.stored_as) if tensor.is_floating_point() else tensor).contiguous()
                  for name, tensor in tensors.items()}, case.shards, directory)


def write_tokenizer(case: Case, directory: Path) -> dict:
    """Returns the configuration's keys that depend on the tokenizer. A case of token ids has none."""
    if case.prompt is None:
        return {}
    tokenizer = tiny_tokenizer(case.family.begins_with_bos)
    tokenizer.save(str(directory / "tokenizer.json"), pretty=False)
    special = tokenizer_config(case.family.begins_with_bos)
    write_json(directory / "tokenizer_config.json", special)
    return {
        "bos_token_id": tokenizer.token_to_id(special["bos_token"]),
        "eos_token_id": tokenizer.token_to_id(special["eos_token"]),
        "vocab_size": tokenizer.get_vocab_size(),
    }


def token_ids(case: Case, directory: Path, vocabulary: int) -> list[int]:
    if case.prompt is not None:
        return Tokenizer.from_file(str(directory / "tokenizer.json")).encode(case.prompt).ids
    return generator(case.name).integers(0, vocabulary, case.tokens).tolist()


def random_model(case: Case, directory: Path) -> nn.Module:
    config = AutoConfig.from_pretrained(directory)
    model = auto_class(config).from_config(config, dtype=torch.float32)
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            owner = model.get_submodule(name.rpartition(".")[0])
            parameter.copy_(random_values(f"{case.name}/{name}", parameter, owner, model))
        for name, buffer in model.named_buffers():
            if name.endswith(("correction_bias", "layer_scalar")):  # stored like a parameter
                buffer.copy_(random_values(f"{case.name}/{name}", buffer, model, model))
            if name.endswith("tid2eid"):  # experts of each token
                places = generator(f"{case.name}/{name}").random((buffer.shape[0], config.n_routed_experts)).argsort(-1)
                buffer.copy_(torch.from_numpy(places[:, :buffer.shape[1]].copy()))
    return model


def random_values(name: str, parameter: torch.Tensor, owner: nn.Module, model: nn.Module) -> torch.Tensor:
    """Normal values, large enough that every block and every bias moves the result.

    NumPy's generator, seeded by the name: the values depend on no other parameter and on no version of torch.
    """
    values = torch.from_numpy(numpy.asarray(generator(name).standard_normal(parameter.shape, dtype=numpy.float32)))
    if name.endswith("A_log") and parameter.dim() == 1:
        return 0.5 * values - 1  # states that last for some tokens
    if parameter.dim() <= 1:
        return 0.2 * values if name.endswith("bias") else 1 + 0.3 * values
    if owner is model.get_output_embeddings() or isinstance(owner, nn.Embedding):
        return values * 3 / parameter.shape[-1] ** 0.5
    if name.endswith("_coefs.weight"):
        return 0.3 * values  # streams that stay of one size through many blocks
    inputs = parameter.shape[0] if isinstance(owner, Conv1D) else parameter.shape[-1]
    return values * 1.5 / inputs ** 0.5


def generator(name: str) -> numpy.random.Generator:
    return numpy.random.Generator(numpy.random.PCG64([SEED, zlib.crc32(name.encode())]))


def hub_tensors(model: nn.Module) -> Tensors:
    """The tensors as transformers itself writes them, which for some families are not those in memory."""
    with tempfile.TemporaryDirectory() as directory:
        model.save_pretrained(directory)
        return load_file(Path(directory) / "model.safetensors")


def write_shards(tensors: Tensors, shards: int, directory: Path) -> None:
    if shards == 1:
        save_file(tensors, directory / "model.safetensors", metadata={"format": "pt"})
        return
    shard_of = {}
    for number in range(shards):
        file = f"model-{number + 1:05}-of-{shards:05}.safetensors"
        names = sorted(tensors)[number::shards]
        save_file({name: tensors[name] for name in names}, directory / file, metadata={"format": "pt"})
        shard_of |= dict.fromkeys(names, file)
    size = sum(tensor.numel() * tensor.element_size() for tensor in tensors.values())
    write_json(directory / "model.safetensors.index.json",
               {"metadata": {"total_size": size}, "weight_map": dict(sorted(shard_of.items()))})


def write_json(file: Path, content: dict) -> None:
    file.write_text(json.dumps(content, indent=2, sort_keys=True, ensure_ascii=False) + "\n", encoding="utf-8")
