"""Regenerates the fitted lenses of the tests: small random maps in every form that is read, and what transformers computes through
them. See README.md."""

import hashlib
import json
import shutil
from pathlib import Path

import numpy
import torch
import transformers
from safetensors.torch import load_file, save_file
from torch import nn

import reference
from families import CASES as FAMILY_CASES
from readout import readout
from reference import Reference

LENSES = Path(__file__).parent.parent / "resources" / "lenses"
SEEDS = LENSES.parent / "dev/stratalens/engine/lens/transport/LensFuzzTestInputs"
PARITY = Path(__file__).parent.parent / "resources" / "parity"
CASES = ["gpt2", "llama", "gemma2", "qwen3_5"]
LEAST_EFFECT = 0.1
"""In units of logits: what to be one block off must change."""


def matrices(width: int, count: int, scale: float, seed: int) -> list[torch.Tensor]:
    generator = torch.Generator().manual_seed(seed)
    return [scale * torch.randn(width, width, generator=generator) / width**0.5 for _ in range(count)]


def jacobian(width: int, blocks: int, directory: Path) -> None:
    """Of the reference: a map of each block's output but the last one's; block 1 is left out, as files may."""
    layers = [block for block in range(blocks - 1) if block != 1]
    maps = matrices(width, len(layers), 0.4, 1)
    torch.save({
        "J": {layer: (torch.eye(width) + one).half() for layer, one in zip(layers, maps)},
        "n_prompts": 100,
        "source_layers": layers,
        "d_model": width,
    }, directory / "jacobian.pt")


def clustered(width: int, blocks: int, directory: Path) -> None:
    """Of J++: float32, with a map of the last block's output, too."""
    maps = matrices(width, blocks, 0.4, 2)
    torch.save({
        "parameters": {"jacobians": {layer: torch.eye(width) + one for layer, one in enumerate(maps)}},
        "source_layers": list(range(blocks)),
        "config": {"hf_model_name": "tiny", "skip_first_n_positions": 16, "num_prompts_trained_on": 20},
    }, directory / "clustered.pt")


def tuned(width: int, blocks: int, directory: Path, misspelled: bool, unembedding: str) -> None:
    """Of tuned-lens: a map of each block's input."""
    (directory / "tuned").mkdir()
    state = {}
    for i, one in enumerate(matrices(width, blocks, 0.4, 3)):
        state[f"{i}.weight"] = one
        state[f"{i}.bias"] = 0.1 * torch.randn(width, generator=torch.Generator().manual_seed(100 + i))
    lens = torch.nn.ModuleList(torch.nn.Linear(width, width) for _ in range(blocks))
    lens.load_state_dict(state)
    torch.save(lens.state_dict(), directory / "tuned" / "params.pt")
    (directory / "tuned" / "config.json").write_text(json.dumps({
        "base_model_name_or_path": "tiny",
        "d_model": width,
        "num_hidden_layers": blocks,
        "bias": True,
        "base_model_revision": None,
        "unemebd_hash" if misspelled else "unembed_hash": unembedding,
        "lens_type": "linear_tuned_lens",
    }, indent=2) + "\n")


def mlxterp(width: int, blocks: int, directory: Path) -> None:
    """Of mlxterp: plain maps of each block's output, the last one's included."""
    arrays = {}
    for i, one in enumerate(matrices(width, blocks, 0.4, 4)):
        arrays[f"translators_{i}_weight"] = (torch.eye(width) + one).numpy()
        arrays[f"translators_{i}_bias"] = numpy.linspace(-0.1, 0.1, width, dtype=numpy.float32)
    numpy.savez(directory / "mlxterp.npz", **arrays)


def transported(form: str, directory: Path, residuals: torch.Tensor) -> dict[int, torch.Tensor]:
    """The rows by layer, -1 for the embedding, as the program that writes the form reads them. Layer l is row l + 1 of the residuals."""
    rows = {}
    if form == "tuned":
        lens = torch.load(directory / "tuned" / "params.pt", weights_only=True)
        for i in range(len(lens) // 2):
            before_block = residuals[i]
            rows[i - 1] = before_block + before_block @ lens[f"{i}.weight"].T + lens[f"{i}.bias"]
    elif form == "mlxterp":
        lens = numpy.load(directory / "mlxterp.npz")
        for i in range(len(lens.files) // 2):
            matrix, bias = (torch.from_numpy(lens[f"translators_{i}_{name}"]) for name in ("weight", "bias"))
            rows[i] = residuals[i + 1] @ matrix.T + bias
    else:
        saved = torch.load(directory / f"{form}.pt", weights_only=True)
        jacobians = saved["J"] if form == "jacobian" else saved["parameters"]["jacobians"]
        for block, matrix in jacobians.items():
            rows[block] = residuals[block + 1] @ matrix.float().T
    # Without a map for it, the last block is the model's own output.
    return {len(residuals) - 2: residuals[-1]} | rows


@torch.no_grad()
def expected(form: str, directory: Path, model: nn.Module, family: object, ids: list[int], plain: Reference) -> None:
    rows = transported(form, directory, plain.residuals)
    layers = sorted(rows)
    through = decoded(model, family, torch.stack([rows[layer] for layer in layers]))
    shifted = transported(form, directory, torch.cat([plain.residuals[:1], plain.residuals[:-1]]))
    if (decoded(model, family, torch.stack([shifted[layer] for layer in layers])).logits - through.logits)[:-1].abs().max() < LEAST_EFFECT:
        raise ValueError(f"{directory.name}: to be one block off makes no difference to {form}")
    values = readout(ids, through, list(range(max(0, len(ids) - 3), len(ids))), plain.logits[-1])
    save_file(values | {"layers": torch.tensor(layers, dtype=torch.int32)}, directory / f"{form}.expected.safetensors")


def decoded(model: nn.Module, family: object, rows: torch.Tensor) -> Reference:
    norm = model.get_submodule(family.final_norm)
    return Reference(rows, torch.stack([reference.decode(model, family, norm(one[None]))[0] for one in rows]),
                     torch.stack([reference.decode(model, family, one[None])[0] for one in rows]))


def unfinished(width: int, directory: Path) -> None:
    """What fitting leaves behind when it was stopped."""
    torch.save({"jacobian_sum": {0: torch.eye(width)}, "n_done": 80, "next_idx": 80, "source_layers": [0],
                "target_layer": 1, "skip_first": 16}, directory / "unfinished.pt")


class Stranger:
    """A program in a file: what must not run."""

    def __reduce__(self) -> tuple:
        return print, ("a file has run a program",)


def main() -> None:
    torch.set_num_threads(1)
    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()
    shutil.rmtree(LENSES, ignore_errors=True)
    for name in CASES:
        directory = LENSES / name
        directory.mkdir(parents=True)
        recorded = load_file(PARITY / name / "expected.safetensors")
        blocks, _, width = recorded["residuals"].shape
        ids = recorded["token_ids"].tolist()
        case = next(case for case in FAMILY_CASES if case.name == name)
        model = reference.load(PARITY / name, case.family, case.unread, case.absent)
        unembedding = hashlib.sha256(model.get_output_embeddings().weight.detach().numpy()).hexdigest()
        jacobian(width, blocks - 1, directory)
        clustered(width, blocks - 1, directory)
        tuned(width, blocks - 1, directory, name == "gpt2", unembedding)
        mlxterp(width, blocks - 1, directory)
        plain = reference.run(model, case.family, ids)
        for form in ["jacobian", "clustered", "tuned", "mlxterp"]:
            expected(form, directory, model, case.family, ids, plain)
        print(name, blocks - 1, width, sum(file.stat().st_size for file in directory.rglob("*") if file.is_file()) // 1000, "kB")
    bad = LENSES / "bad"
    bad.mkdir()
    unfinished(4, bad)
    torch.save({"J": Stranger()}, bad / "program.pt")
    torch.save({"J": {0: torch.arange(8.0).view(2, 4).T}, "n_prompts": 1, "source_layers": [0]}, bad / "transposed.pt")
    torch.save({"J": {0: torch.eye(3)}, "n_prompts": 1, "source_layers": [0, 1], "d_model": 3}, bad / "missing.pt")
    torch.save([1, 2], bad / "list.pt")
    numpy.savez_compressed(bad / "compressed.npz", translators_0_weight=numpy.eye(3, dtype=numpy.float32))
    numpy.savez(bad / "objects.npz", translators_0_weight=numpy.array([None]))
    for target, files in {"jacobians": [LENSES / "gpt2" / "jacobian.pt", bad / "unfinished.pt", bad / "program.pt"],
                          "numpyArchive": [bad / "objects.npz"]}.items():
        (SEEDS / target).mkdir(parents=True, exist_ok=True)
        for file in files:
            shutil.copy(file, SEEDS / target / file.stem)


if __name__ == "__main__":
    main()
