"""TransformerLens 4: its own logit_lens over every layer and position."""

from pathlib import Path

import torch
from transformer_lens.model_bridge import TransformerBridge
from transformer_lens.tools.analysis.logit_lens import LogitLensResult, logit_lens

from tools.lens import Outcome, Prompt, bytes_of, row_of_ids


def load_bridge(model: Path, dtype: torch.dtype) -> TransformerBridge:
    bridge = TransformerBridge.boot_transformers(str(model), device="cpu", dtype=dtype)
    bridge.eval()
    return bridge


class Tool:
    def __init__(self, model: Path, dtype: torch.dtype) -> None:
        self.bridge = load_bridge(model, dtype)

    def prepare(self, prompt: Prompt) -> torch.Tensor:
        return row_of_ids(prompt)

    def analyze(self, prepared: torch.Tensor, top_k: int) -> LogitLensResult:
        return logit_lens(self.bridge, prepared, positions=None, return_type="probs", top_k=top_k)

    def outcome(self, result: LogitLensResult) -> Outcome:
        readout = result.readout
        # [entries, batch, positions, k], the embedding being the first entry.
        return Outcome(
            top_ids=readout.top_ids[1:, 0],
            result_bytes=bytes_of(readout.top_ids, readout.values, readout.entropy),
        )
