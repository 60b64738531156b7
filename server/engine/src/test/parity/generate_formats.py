"""Regenerates the fixtures of the other checkpoint formats. See README.md."""

import argparse

import torch
import transformers

from formats import gguf_cases, gguf_originals, gguf_pretokenizers, gguf_tokenizers, mlx_cases, quantized_cases
from generate import FIXTURES

FORMATS = FIXTURES.parent / "formats"


def main() -> None:
    writers = {case.case.name: lambda directory, module=module, case=case: module.write(case, directory)
               for module in (mlx_cases, gguf_cases, quantized_cases) for case in module.CASES}
    blocks = {"mlx": mlx_cases.write_blocks, "gguf": gguf_cases.write_blocks, "quantized": quantized_cases.write_blocks}
    tokenizers = {f"tokenizer-{case.name}": lambda directory, module=module, case=case: module.write(case, directory / case.name)
                  for module in (gguf_tokenizers, gguf_originals) for case in module.CASES}
    tokenizers["pre-tokenizers"] = lambda directory: gguf_pretokenizers.write(directory.parent / "pre-tokenizers")
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("cases", nargs="*", choices=[[], *writers, *blocks, *tokenizers], help="names of cases; all when none is named")
    arguments = parser.parse_args()

    torch.set_num_threads(1)
    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()
    for name in arguments.cases or [*writers, *blocks, *tokenizers]:
        if name in blocks:
            blocks[name](FORMATS / "blocks" / name)
        elif name in tokenizers:
            tokenizers[name](FORMATS / "tokenizers")
        else:
            writers[name](FORMATS / "models" / name)
        print(name)


if __name__ == "__main__":
    main()
