"""Regenerates the GGUF files that llama.cpp's own converter writes. See README.md."""

import argparse
import json
import logging
import shutil
import sys
import tempfile
from pathlib import Path

import numpy
import torch
import transformers
from safetensors.torch import load_file, save_file
from transformers import AutoConfig
from transformers.models.auto.modeling_auto import (
    MODEL_FOR_CAUSAL_LM_MAPPING_NAMES, MODEL_FOR_IMAGE_TEXT_TO_TEXT_MAPPING_NAMES)

from case import unchanged
from checkpoint import token_ids, write_checkpoint, write_json
from formats.gguf_converted import CASES, Converted
from generate import FIXTURES, write_expected

FILES = FIXTURES.parent / "formats" / "models"
FILE = "model.gguf"


def write(converted: Converted) -> None:
    directory = FILES / converted.folder
    shutil.rmtree(directory, ignore_errors=True)
    directory.mkdir(parents=True)
    note = {"file": FILE, "note": f"Written by llama.cpp from {converted.source}."}
    with tempfile.TemporaryDirectory() as temporary:
        original = Path(temporary) / "original"
        if converted.change:
            note["note"] = f"Written by llama.cpp from {converted.source} with keys that a GGUF file can say."
            write_checkpoint(converted.case, original)
            ids = token_ids(converted.case, original, AutoConfig.from_pretrained(original).get_text_config().vocab_size)
            write_expected(original, directory, converted.case.family, ids, converted.case, logit_positions=3)
        else:
            note["expected"] = f"parity/{converted.source}"
            shutil.copytree(FIXTURES / converted.source, original)
        prepare(converted, original)
        convert(converted, original, directory / FILE)
    write_json(directory / "case.json", note)
    print(f"{converted.folder}: {(directory / FILE).stat().st_size // 1000} kB")


def prepare(converted: Converted, original: Path) -> None:
    """Names the class, and lists as many tokens as the embedding has rows, which the converter of Gemma counts."""
    config = json.loads((original / "config.json").read_text(encoding="utf-8"))
    config["architectures"] = [converted.architecture or class_name(config["model_type"])]
    write_json(original / "config.json", config | converted.converter)
    if converted.written is not unchanged:
        file = original / "model.safetensors"
        save_file({name: tensor.contiguous() for name, tensor in converted.written(load_file(file)).items()}, file)
    rows = (config.get("text_config") or config)["vocab_size"]
    if not (original / "tokenizer.json").exists():
        write_json(original / "tokenizer.json",
                   {"added_tokens": [], "model": {"vocab": {f"token {number}": number for number in range(rows)}}})


def class_name(model_type: str) -> str:
    name = MODEL_FOR_IMAGE_TEXT_TO_TEXT_MAPPING_NAMES.get(model_type, "")
    return name if name.endswith("ForConditionalGeneration") else MODEL_FOR_CAUSAL_LM_MAPPING_NAMES[model_type]


def convert(converted: Converted, original: Path, file: Path) -> None:
    """Runs the converter without a tokenizer, on what the file says and else the defaults of the class, as files of the hub have them."""
    import gguf
    from conversion import get_model_class
    from conversion.base import ModelBase

    read = ModelBase.load_hparams

    def completed(directory: Path, is_mistral_format: bool = False) -> dict:
        said = json.loads((directory / "config.json").read_text(encoding="utf-8"))
        if converted.raw:
            return said
        usual = read(directory, is_mistral_format)
        inner = {"text_config": usual["text_config"] | said["text_config"]} if "text_config" in said else {}
        return usual | said | inner

    architecture = json.loads((original / "config.json").read_text(encoding="utf-8"))["architectures"][0]
    model_class = get_model_class(architecture)
    without = {"set_vocab": lambda self: None, "no_mtp": True, "_get_suppress_tokens": lambda self: None}
    model_class = type(model_class.__name__, (model_class,), without | {"model_arch": model_class.model_arch})
    kind = gguf.LlamaFileType.ALL_F32 if converted.plain else gguf.LlamaFileType.MOSTLY_BF16
    ModelBase.load_hparams = staticmethod(completed)
    try:
        model = model_class(original, kind, file, eager=True)
        if hasattr(model, "impl"):  # a class that chooses another one
            model.impl.set_vocab = lambda: None
        model.write()
    finally:
        ModelBase.load_hparams = staticmethod(read)


def write_float4() -> None:
    """Matrices as the files of DeepSeek-V4 have them, and their numbers by what llama.cpp makes of them and the gguf package decodes."""
    from conversion.base import ModelBase
    from gguf import GGMLQuantizationType
    from gguf.quants import dequantize

    directory = FIXTURES.parent / "formats" / "blocks" / "quantized" / "fp8-beside"
    shutil.rmtree(directory, ignore_errors=True)
    directory.mkdir(parents=True)
    generator = numpy.random.Generator(numpy.random.PCG64(18))
    numbers = torch.from_numpy(generator.integers(-128, 128, (6, 48), dtype=numpy.int8))
    powers = torch.from_numpy(generator.integers(110, 130, (6, 3), dtype=numpy.uint8))
    packed = ModelBase.repack_mxfp4_blocks(numbers, powers)
    plain = torch.from_numpy(generator.standard_normal((40, 24), dtype=numpy.float32)).to(torch.float8_e4m3fn)
    wide = torch.from_numpy(generator.integers(120, 130, (3, 2), dtype=numpy.uint8)).view(torch.float8_e8m0fnu)
    spread = wide.float().repeat_interleave(16, 0)[:40].repeat_interleave(16, 1)[:, :24]
    write_json(directory / "config.json", {"model_type": "deepseek_v4", "quantization_config": {
        "quant_method": "fp8", "weight_block_size": [16, 16]}})
    save_file({"experts.0.w1.weight": numbers, "experts.0.w1.scale": powers.view(torch.float8_e8m0fnu),
               "wq_a.weight": plain, "wq_a.scale": wide}, directory / "model.safetensors")
    save_file({"experts.0.w1.weight": torch.from_numpy(dequantize(packed, GGMLQuantizationType.MXFP4).copy()),
               "wq_a.weight": plain.float() * spread}, directory / "expected.safetensors")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("converter", type=Path, help="the folder with llama.cpp's conversion and gguf-py")
    parser.add_argument("cases", nargs="*", help="names of folders; all when none is named")
    arguments = parser.parse_args()
    sys.path[:0] = [str(arguments.converter / "gguf-py"), str(arguments.converter)]
    torch.set_num_threads(1)
    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()
    logging.disable(logging.ERROR)
    by_folder = {converted.folder: converted for converted in CASES}
    for name in arguments.cases or by_folder:
        write(by_folder[name])
    if not arguments.cases:
        write_float4()


if __name__ == "__main__":
    main()
