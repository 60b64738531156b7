"""logitlenskit: its own call, which gives top-k and trajectories."""

from pathlib import Path

import torch
from logitlenskit import collect_logit_lens
from nnterp import StandardizedTransformer

from tools.checkpoint import text_of
from tools.lens import Outcome, Prompt, bytes_of


class Tool:
    def __init__(self, model: Path, dtype: torch.dtype) -> None:
        self.model = StandardizedTransformer(str(model), dtype=dtype, device_map="cpu")

    def prepare(self, prompt: Prompt) -> str:
        return text_of(prompt, self.model.tokenizer)

    def analyze(self, prepared: str, top_k: int) -> dict:
        return collect_logit_lens(prepared, self.model, k=top_k, remote=False)

    def outcome(self, result: dict) -> Outcome:
        return Outcome(
            top_ids=result["topk"],
            result_bytes=bytes_of(result["topk"], *result["tracked"], *result["probs"]),
        )
