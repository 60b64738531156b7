"""Regenerates the fitted lenses of the tests: small random maps in every form that is read. See README.md."""

import json
import shutil
from pathlib import Path

import numpy
import torch
from safetensors.torch import load_file

LENSES = Path(__file__).parent.parent / "resources" / "lenses"
SEEDS = LENSES.parent / "dev/stratalens/engine/lens/transport/LensFuzzTestInputs"
PARITY = Path(__file__).parent.parent / "resources" / "parity"
CASES = ["gpt2", "llama", "gemma2", "qwen3_5"]


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


def tuned(width: int, blocks: int, directory: Path, misspelled: bool) -> None:
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
        "unemebd_hash" if misspelled else "unembed_hash": "0" * 64,
        "lens_type": "linear_tuned_lens",
    }, indent=2) + "\n")


def mlxterp(width: int, blocks: int, directory: Path) -> None:
    """Of mlxterp: plain maps of each block's output, the last one's included."""
    arrays = {}
    for i, one in enumerate(matrices(width, blocks, 0.4, 4)):
        arrays[f"translators_{i}_weight"] = (torch.eye(width) + one).numpy()
        arrays[f"translators_{i}_bias"] = numpy.linspace(-0.1, 0.1, width, dtype=numpy.float32)
    numpy.savez(directory / "mlxterp.npz", **arrays)


def unfinished(width: int, directory: Path) -> None:
    """What fitting leaves behind when it was stopped."""
    torch.save({"jacobian_sum": {0: torch.eye(width)}, "n_done": 80, "next_idx": 80, "source_layers": [0],
                "target_layer": 1, "skip_first": 16}, directory / "unfinished.pt")


class Stranger:
    """A program in a file: what must not run."""

    def __reduce__(self) -> tuple:
        return print, ("a file has run a program",)


def main() -> None:
    shutil.rmtree(LENSES, ignore_errors=True)
    for name in CASES:
        directory = LENSES / name
        directory.mkdir(parents=True)
        blocks, _, width = load_file(PARITY / name / "expected.safetensors")["residuals"].shape
        jacobian(width, blocks - 1, directory)
        clustered(width, blocks - 1, directory)
        tuned(width, blocks - 1, directory, name == "gpt2")
        mlxterp(width, blocks - 1, directory)
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
