"""Regenerates the fixtures of the other checkpoint formats. See README.md."""

import argparse

import torch
import transformers

from formats import mlx_cases
from generate import FIXTURES

FORMATS = FIXTURES.parent / "formats"


def main() -> None:
    writers = {mlx_case.case.name: lambda directory, it=mlx_case: mlx_cases.write(it, directory)
               for mlx_case in mlx_cases.CASES}
    blocks = {"mlx": mlx_cases.write_blocks}
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("cases", nargs="*", choices=[[], *writers, *blocks], help="names of cases; all when none is named")
    arguments = parser.parse_args()

    torch.set_num_threads(1)
    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()
    for name in arguments.cases or [*writers, *blocks]:
        if name in blocks:
            blocks[name](FORMATS / "blocks" / name)
        else:
            writers[name](FORMATS / "models" / name)
        print(name)


if __name__ == "__main__":
    main()
