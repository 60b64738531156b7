"""Regenerates the tokens that transformers chooses greedily after the prompts of some cases. See README.md."""

from pathlib import Path

import torch
import transformers
from safetensors.torch import load_file

import reference
from checkpoint import write_json
from families import CASES

PARITY = Path(__file__).parent.parent / "resources" / "parity"
GREEDY = PARITY.parent / "greedy" / "greedy.json"
TOKENS = 8
NAMES = ["bloom", "deepseek_v3", "falcon_mamba", "gemma2", "gpt2", "gpt_oss", "jamba", "kimi_linear", "lfm2", "llama", "llama4_text",
         "mamba2", "minimax", "mixtral-window", "nemotron_h", "qwen3_next", "recurrent_gemma", "zamba2-shared"]


@torch.no_grad()
def greedy(name: str) -> dict:
    """The best token after all tokens so far, again and again, without a cache, and how far the second best is behind."""
    case = next(case for case in CASES if case.name == name)
    model = reference.load(PARITY / name, case.family, case.unread, case.absent)
    ids = load_file(PARITY / name / "expected.safetensors")["token_ids"].tolist()
    chosen, margins = [], []
    for _ in range(TOKENS):
        best = model(torch.tensor([ids + chosen]), use_cache=False).logits[0, -1].topk(2)
        chosen.append(int(best.indices[0]))
        margins.append(round(float(best.values[0] - best.values[1]), 4))
    return {"ids": chosen, "margins": margins}


if __name__ == "__main__":
    transformers.logging.set_verbosity_error()
    GREEDY.parent.mkdir(exist_ok=True)
    write_json(GREEDY, {name: greedy(name) for name in NAMES})
