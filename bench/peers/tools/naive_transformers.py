"""The recipe of the tutorials: hidden states, then final norm and head, one layer after the other."""

from pathlib import Path

import torch

from tools.checkpoint import final_norm, load_model
from tools.lens import Outcome, Prompt, bytes_of, row_of_ids


class Tool:
    def __init__(self, model: Path, dtype: torch.dtype) -> None:
        self.model = load_model(model, dtype)
        self.norm = final_norm(self.model)
        self.head = self.model.get_output_embeddings()

    def prepare(self, prompt: Prompt) -> torch.Tensor:
        return row_of_ids(prompt)

    @torch.no_grad()
    def analyze(self, prepared: torch.Tensor, top_k: int) -> tuple[torch.Tensor, torch.Tensor]:
        output = self.model(prepared, output_hidden_states=True, use_cache=False)
        # The first hidden state is the embedding; the last has been through the norm and the head already.
        between = output.hidden_states[1:-1]
        tops = [self.head(self.norm(hidden)).softmax(-1).topk(top_k) for hidden in between]
        tops.append(output.logits.softmax(-1).topk(top_k))
        return torch.cat([top.values for top in tops]), torch.cat([top.indices for top in tops])

    def outcome(self, result: tuple[torch.Tensor, torch.Tensor]) -> Outcome:
        return Outcome(top_ids=result[1], result_bytes=bytes_of(*result))
