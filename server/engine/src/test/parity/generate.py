"""Regenerates the parity fixtures. See README.md."""

import argparse
import fnmatch
import json
import shutil
import tempfile
from pathlib import Path

import torch
import transformers
from safetensors.torch import save_file
from tokenizers import Tokenizer
from transformers import AutoConfig

import reference
from case import Case, Family
from checkpoint import token_ids, write_checkpoint, write_json
from families import CASES
from families.llama import LLAMA
from readout import readout
from reference import Reference

FIXTURES = Path(__file__).parent.parent / "resources" / "parity"
REPOSITORY = Path(__file__).resolve().parents[4]
LEAST_EFFECT = 0.1
"""In units of logits: what ignoring a configuration key that matters must change."""


def tiny(case: Case) -> None:
    directory = FIXTURES / case.name
    shutil.rmtree(directory, ignore_errors=True)
    write_checkpoint(case, directory)
    write_json(directory / "case.json", {"note": case.note} | ({"prompt": case.prompt} if case.prompt else {}))
    ids = token_ids(case, directory, AutoConfig.from_pretrained(directory).get_text_config().vocab_size)
    expected = write_expected(directory, directory, case.family, ids, case,
                              logit_positions=None if case.prompt else 3)
    for key, other in case.matters.items():
        if (logits_with(key, other, case, directory, ids) - expected).abs().max() < LEAST_EFFECT:
            raise ValueError(f"{case.name}: {key}={other!r} makes no difference; make the case depend on it")


def logits_with(key: str, value: object, case: Case, directory: Path, ids: list[int]) -> torch.Tensor:
    """The logits of a copy whose configuration has another value, or for None lacks the key."""
    with tempfile.TemporaryDirectory() as copy:
        changed = Path(shutil.copytree(directory, copy, dirs_exist_ok=True))
        config = json.loads((changed / "config.json").read_text(encoding="utf-8")) | {key: value}
        write_json(changed / "config.json", {name: kept for name, kept in config.items() if name != key or kept is not None})
        return run(changed, case.family, ids, case).logits


def demo(model: Path, prompt: str) -> None:
    directory = FIXTURES / "demo"
    directory.mkdir(parents=True, exist_ok=True)
    write_json(directory / "case.json", {
        "model": model.resolve().relative_to(REPOSITORY).as_posix(),
        "note": "The embedded model, whose weights lie where `model` says, from the root of the repository.",
        "prompt": prompt,
    })
    ids = Tokenizer.from_file(str(model / "tokenizer.json")).encode(prompt).ids
    write_expected(model, directory, LLAMA, ids, None, logit_positions=3)


def write_expected(model: Path, directory: Path, family: Family, ids: list[int], case: Case | None,
                   logit_positions: int | None) -> torch.Tensor:
    """Returns the logits. Stores those of the last logit_positions positions, of all where that is None."""
    result = run(model, family, ids, case)
    stored = list(range(max(0, len(ids) - (logit_positions or len(ids))), len(ids)))
    save_file(readout(ids, result, stored), directory / "expected.safetensors")
    spread = result.logits.std(-1).mean(-1)
    print(f"{directory.name}: {len(ids)} tokens, {size(directory)} kB, logits spread by {spread.min():.1f} to {spread.max():.1f}")
    return result.logits


def run(directory: Path, family: Family, ids: list[int], case: Case | None) -> Reference:
    exceptions = (case.unread, case.absent) if case else ()
    return reference.run(reference.load(directory, family, *exceptions), family, ids)


def size(directory: Path) -> int:
    return sum(file.stat().st_size for file in directory.iterdir()) // 1000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("cases", nargs="*", help="names of cases or their beginnings with *, or 'demo'; all but demo when none is named")
    parser.add_argument("--model", type=Path, default=REPOSITORY / "models" / "demo", help="for demo: its directory")
    parser.add_argument("--prompt", default="The capital of France is", help="for demo")
    arguments = parser.parse_args()

    torch.set_num_threads(1)
    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()
    by_name = {case.name: case for case in CASES}
    for name in arguments.cases or by_name:
        if name == "demo":
            demo(arguments.model, arguments.prompt)
            continue
        matching = fnmatch.filter(by_name, name)
        if not matching:
            parser.error(f"no case named {name}; there are: {', '.join(by_name)}, demo")
        for match in matching:
            tiny(by_name[match])


if __name__ == "__main__":
    main()
