"""tuned-lens: its LogitLens, through its own prediction trajectory over a model."""

from pathlib import Path

import torch
from tuned_lens.nn.lenses import LogitLens
from tuned_lens.plotting import PredictionTrajectory

from tools.checkpoint import load_model
from tools.lens import Outcome, Prompt, bytes_of


class Tool:
    def __init__(self, model: Path, dtype: torch.dtype) -> None:
        self.model = load_model(model, dtype)
        self.lens = LogitLens.from_model(self.model)

    def prepare(self, prompt: Prompt) -> list[int]:
        return prompt.token_ids

    @torch.no_grad()
    def analyze(self, prepared: list[int], top_k: int) -> tuple[PredictionTrajectory, torch.return_types.topk]:
        trajectory = PredictionTrajectory.from_lens_and_model(self.lens, self.model, prepared)
        # Its own top-k partitions the whole vocabulary in numpy; torch's is the kinder choice.
        return trajectory, torch.from_numpy(trajectory.log_probs).topk(top_k)

    def outcome(self, result: tuple[PredictionTrajectory, torch.return_types.topk]) -> Outcome:
        trajectory, top = result
        # The embedding is the first row, the model's own output the last.
        return Outcome(top_ids=top.indices[1:], result_bytes=trajectory.log_probs.nbytes + bytes_of(*top))
