"""What a careful author writes in torch: all layers of a few positions in one product, then top-k and trajectories.

No published tool does this. It shows how far Python can go on the same libtorch.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import torch

from tools.checkpoint import final_norm, load_model
from tools.lens import Outcome, Prompt, bytes_of, row_of_ids

ROWS = 512  # of one product: from here on, more rows are not faster, and the logits still fit 100 MB
CHUNK = 64  # columns of which only the maximum is looked at first


@dataclass(frozen=True)
class Result:
    top_ids: torch.Tensor  # [layers, positions, k]
    top_probabilities: torch.Tensor  # [layers, positions, k]
    tracked: list[torch.Tensor]  # a position's ids
    trajectories: list[torch.Tensor]  # a position's [layers, ids]


class Tool:
    def __init__(self, model: Path, dtype: torch.dtype) -> None:
        self.model = load_model(model, dtype)
        self.norm = final_norm(self.model)
        self.head = self.model.get_output_embeddings()
        self.buffer: torch.Tensor | None = None
        self.residuals: list[torch.Tensor] = []
        # The last hidden state that transformers returns is normed, so the blocks are asked themselves.
        for block in self.blocks():
            block.register_forward_hook(self.keep)

    def blocks(self) -> torch.nn.ModuleList:
        count = self.model.config.num_hidden_layers
        lists = (module for module in self.model.modules() if isinstance(module, torch.nn.ModuleList))
        return next(modules for modules in lists if len(modules) == count)

    def keep(self, block: torch.nn.Module, arguments: tuple, output: torch.Tensor | tuple) -> None:
        self.residuals.append(output[0] if isinstance(output, tuple) else output)

    def prepare(self, prompt: Prompt) -> torch.Tensor:
        return row_of_ids(prompt)

    @torch.inference_mode()
    def analyze(self, prepared: torch.Tensor, top_k: int) -> Result:
        self.residuals.clear()
        self.model.base_model(prepared, use_cache=False)
        # [positions, layers, width]: with the layers of a position side by side, one product has its trajectories.
        residuals = self.norm(torch.cat(self.residuals)).transpose(0, 1).contiguous()
        positions, layers, _ = residuals.shape
        top_ids = torch.empty(positions, layers, top_k, dtype=torch.int64)
        top_probabilities = torch.empty(positions, layers, top_k)
        tracked, trajectories = [], []
        # One for all positions: results allocated in between would keep the heap from reusing freed ones.
        log_probabilities = torch.empty(layers, self.head.out_features)
        for position, logits in enumerate(self.decode(residuals)):
            torch.log_softmax(logits, -1, dtype=torch.float32, out=log_probabilities)
            values, ids = exact_top_k(log_probabilities, top_k)
            top_ids[position], top_probabilities[position] = ids, values.exp()
            tracked.append(ids.unique())
            trajectories.append(log_probabilities[:, tracked[-1]].exp())
        return Result(top_ids.transpose(0, 1), top_probabilities.transpose(0, 1), tracked, trajectories)

    def decode(self, residuals: torch.Tensor) -> Iterator[torch.Tensor]:
        """Yields each position's [layers, vocabulary], which holds until the next one is asked for."""
        positions, layers, _ = residuals.shape
        step = max(1, ROWS // layers)
        for first in range(0, positions, step):
            rows = residuals[first : first + step].flatten(0, 1)
            # Fresh memory for the logits would cost a page fault for each 4 KB: more than all that is read off them.
            logits = torch.mm(rows, self.head.weight.T, out=self.logits(len(rows)))
            if self.head.bias is not None:
                logits += self.head.bias
            yield from logits.unflatten(0, (-1, layers))

    def logits(self, rows: int) -> torch.Tensor:
        if self.buffer is None or len(self.buffer) < rows:
            self.buffer = torch.empty(rows, self.head.out_features, dtype=self.head.weight.dtype)
        return self.buffer[:rows]

    def outcome(self, result: Result) -> Outcome:
        arrays = (result.top_ids, result.top_probabilities, *result.tracked, *result.trajectories)
        return Outcome(top_ids=result.top_ids, result_bytes=bytes_of(*arrays))


def exact_top_k(logits: torch.Tensor, k: int) -> tuple[torch.Tensor, torch.Tensor]:
    """The k highest of the last dimension: they lie in the k chunks with the highest maxima."""
    vocabulary = logits.shape[-1]
    if vocabulary % CHUNK or vocabulary // CHUNK < k:
        return logits.topk(k)
    chunks = logits.unflatten(-1, (-1, CHUNK))
    best = chunks.amax(-1).topk(k).indices
    candidates = chunks.gather(-2, best.unsqueeze(-1).expand(*best.shape, CHUNK)).flatten(-2)
    values, within = candidates.topk(k)
    ids = best.gather(-1, within // CHUNK) * CHUNK + within % CHUNK
    return values, ids
