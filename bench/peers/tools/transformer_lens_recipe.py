"""TransformerLens 4: the recipe of its documentation, run_with_cache and then one product for all layers."""

from pathlib import Path

import torch

from tools.lens import Outcome, Prompt, bytes_of, row_of_ids
from tools.transformer_lens import load_bridge


class Tool:
    def __init__(self, model: Path, dtype: torch.dtype) -> None:
        self.bridge = load_bridge(model, dtype)
        # Only what the lens reads is cached, which spares this tool the memory for all the rest.
        blocks = range(self.bridge.cfg.n_layers)
        self.read = [f"blocks.{block}.hook_resid_post" for block in blocks]

    def prepare(self, prompt: Prompt) -> torch.Tensor:
        return row_of_ids(prompt)

    @torch.no_grad()
    def analyze(self, prepared: torch.Tensor, top_k: int) -> tuple[torch.Tensor, torch.Tensor]:
        _, cache = self.bridge.run_with_cache(prepared, names_filter=self.read)
        residuals = torch.cat([cache[name] for name in self.read])
        logits = self.bridge.unembed(self.bridge.ln_final(residuals))
        top = logits.softmax(-1).topk(top_k)
        return top.values, top.indices

    def outcome(self, result: tuple[torch.Tensor, torch.Tensor]) -> Outcome:
        return Outcome(top_ids=result[1], result_bytes=bytes_of(*result))
