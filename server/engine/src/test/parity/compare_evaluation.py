"""Compares what is recorded of an evaluation with what the evaluation of tuned-lens 0.2.0 gives. See README.md."""

import json
import math
import sys
import types
from collections import defaultdict

import torch
import torchdata
from torch import nn
from transformers import PreTrainedTokenizerFast

import reference
from families import CASES
from generate_evaluation import LENGTH, LENSES, OUTPUT, PARITY

TOLERANCE = 1e-5
"""In bits per byte."""


def evaluation() -> type:
    """Its class. Its module names parts of a torchdata of other years, which the evaluation of a sequence does not use."""
    for name in ("dataloader2", "datapipes"):
        module = types.ModuleType(f"torchdata.{name}")
        sys.modules[module.__name__] = module
        setattr(torchdata, name, module)
    stand_in = type("Unused", (), {"__class_getitem__": classmethod(lambda cls, item: cls)})
    torchdata.dataloader2.DataLoader2 = stand_in
    torchdata.datapipes.iter = types.SimpleNamespace(IterDataPipe=stand_in)
    from tuned_lens.scripts.eval_loop import Eval

    return Eval


@torch.no_grad()
def main() -> None:
    Eval = evaluation()
    from tuned_lens.nn.lenses import LogitLens, TunedLens
    from tuned_lens.utils import shift_labels, shift_preds

    case = next(case for case in CASES if case.name == "gpt2")
    directory = PARITY / "gpt2"
    model = reference.load(directory, case.family, case.unread, case.absent)
    tokenizer = PreTrainedTokenizerFast(tokenizer_file=str(directory / "tokenizer.json"))
    tuned = TunedLens.from_model(model)
    tuned.layer_translators.load_state_dict(torch.load(LENSES / "gpt2" / "tuned" / "params.pt", weights_only=True))
    lenses = {"logit": LogitLens.from_model(model), "tuned": tuned}
    evaluate = Eval.__new__(Eval)
    evaluate.token_shift, evaluate.layer_transfer, evaluate.logit_stats_recorders = 1, False, None

    texts = [json.loads(line)["text"] for line in (OUTPUT / "documents.jsonl").read_text().splitlines()]
    tokens = [tokenizer.encode(text) for text in texts]
    sequences = [ids[start : start + LENGTH] for ids in tokens for start in range(0, len(ids), LENGTH)]
    sums: dict[tuple[str, str, str], list[float]] = defaultdict(list)
    for sequence in sequences:
        ids = torch.tensor([sequence])
        output = model(ids, output_hidden_states=True)
        final = output.logits.log_softmax(-1)
        labels = shift_labels(ids, 1)
        batch = defaultdict(lambda: defaultdict(dict))
        for layer, hidden in enumerate(output.hidden_states[:-1]):
            evaluate._evaluate_lenses_on_hidden(lenses=lenses, hidden=hidden, layer=layer, final_probs=final.exp(), final_lps=final,
                                                labels=labels, batch_output=batch, total_layers=len(output.hidden_states) - 1)
        batch["baseline"]["ce"]["final"] = nn.functional.cross_entropy(shift_preds(final, 1).flatten(0, 1), labels.flatten(), reduction="none")
        batch["baseline"]["entropy"]["final"] = -(final.exp() * final).sum(-1)
        for lens, measures in batch.items():
            for measure, layers in measures.items():
                for layer, values in layers.items():
                    sums[lens, measure, layer].append(values.mean().item())

    to_bits = sum(map(len, tokens)) / sum(len(text.encode()) for text in texts) / math.log(2)
    recorded = json.loads((OUTPUT / "expected.json").read_text())["aggregate_metrics"]
    count = sum(len(layers) for measures in recorded.values() for layers in measures.values())
    worst = max(abs(to_bits * sum(values) / len(values) - recorded[lens][measure][layer])
                for (lens, measure, layer), values in sums.items())
    print(f"{len(sums)} of {count} metrics: at most {worst:.1e} bits per byte apart")
    if worst > TOLERANCE or len(sums) != count:
        raise SystemExit("what is recorded is not what tuned-lens gives")


if __name__ == "__main__":
    main()
