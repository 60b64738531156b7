"""Regenerates what an evaluation of lenses on documents must give: straight-line sums over transformers. See README.md."""

import json
import math
from pathlib import Path

import torch
from transformers import PreTrainedTokenizerFast

import reference
from families import CASES
from generate_lenses import decoded, transported

PARITY = Path(__file__).parent.parent / "resources" / "parity"
LENSES = PARITY.parent / "lenses"
OUTPUT = Path(__file__).parents[5] / "cli/src/test/resources/evaluation"
LENGTH = 12
"""Tokens of a sequence: each document is cut into whole ones, so that a mean over sequences is one over tokens."""
SEQUENCES = [2, 3, 1, 2]
WORDS = ("hello world, the people of the town went home and said that it was late in the day; some of them had been there before, "
         "and others were new to the place where the river turns. It is the oldest of all towns along the water.").split()


def documents(tokenizer: PreTrainedTokenizerFast) -> list[list[int]]:
    """Texts that encode to whole sequences."""
    found = []
    for number, count in enumerate(SEQUENCES):
        text = " ".join(WORDS[number * 3 :] + WORDS[:number]) + " "
        ids = tokenizer.encode(text * 3)
        cut = next(tokenizer.decode(ids[:n]) for n in range(count * LENGTH, len(ids))
                   if len(tokenizer.encode(tokenizer.decode(ids[:n]))) == count * LENGTH)
        found.append(cut)
    return found


def interval(values: list[float], weights: list[float]) -> tuple[float, float]:
    """A ratio of totals over documents, with its normal interval of 95 %."""
    mean = sum(values) / sum(weights)
    squares = sum((value - mean * weight) ** 2 for value, weight in zip(values, weights))
    count = len(values)
    return mean, 1.959963984540054 * math.sqrt(squares * count / (count - 1)) / sum(weights)


@torch.no_grad()
def main() -> None:
    case = next(case for case in CASES if case.name == "gpt2")
    directory = PARITY / "gpt2"
    model = reference.load(directory, case.family, case.unread, case.absent)
    tokenizer = PreTrainedTokenizerFast(tokenizer_file=str(directory / "tokenizer.json"))
    texts = documents(tokenizer)
    totals: dict[tuple[str, int, str], list[tuple[float, float, float]]] = {}
    sequence_means: dict[tuple[str, int, str], list[float]] = {}
    tokens = byte_count = 0
    for text in texts:
        ids = tokenizer.encode(text)
        sums: dict[tuple[str, int, str], list[float]] = {}
        for start in range(0, len(ids), LENGTH):
            sequence = ids[start : start + LENGTH]
            plain = reference.run(model, case.family, sequence)
            logits = {("logit", layer): plain.logits[layer + 1] for layer in range(-1, len(plain.logits) - 1)}
            rows = transported("tuned", LENSES / "gpt2", plain.residuals)
            through = decoded(model, case.family, torch.stack([rows[layer] for layer in sorted(rows)]))
            logits |= {("tuned", layer): through.logits[i] for i, layer in enumerate(sorted(rows))}
            final = plain.logits[-1].double().log_softmax(-1)
            # Where the bytes of a token end, as offsets into the text, which is ASCII.
            ends = [end for _, end in tokenizer(text, return_offsets_mapping=True)["offset_mapping"]]
            own = [ends[start + i] - (ends[start + i - 1] if start + i else 0) for i in range(LENGTH)]
            for (lens, layer), one in logits.items():
                logs = one.double().log_softmax(-1)
                numbers = {
                    "cross-entropy": (-logs[:-1].gather(-1, torch.tensor(sequence[1:])[:, None])[:, 0], own[1:]),
                    "entropy": (-(logs.exp() * logs).sum(-1), own),
                    "kl-from-final": ((final.exp() * (final - logs)).sum(-1), own),
                    "agreement": ((logs.argmax(-1) == final.argmax(-1)).double(), own),
                }
                for measure, (values, lengths) in numbers.items():
                    total = sums.setdefault((lens, layer, measure), [0.0, 0.0, 0.0])
                    total[0] += values.sum().item()
                    total[1] += len(values)
                    total[2] += sum(lengths)
                    sequence_means.setdefault((lens, layer, measure), []).append(values.mean().item())
        for key, total in sums.items():
            totals.setdefault(key, []).append(tuple(total))
        tokens += len(ids)
        byte_count += len(text.encode())

    means = {}
    for (lens, layer, measure), each in totals.items():
        mean, margin = interval([value for value, _, _ in each], [count for _, count, _ in each])
        means[f"{lens} {layer} {measure}"] = [mean, margin]
        if measure != "agreement":
            mean, margin = interval([value / math.log(2) for value, _, _ in each], [length for _, _, length in each])
            means[f"{lens} {layer} {measure}-bits"] = [mean, margin]

    # As scripts/eval_loop.py and data.py of tuned-lens 0.2.0 define it.
    to_bits = tokens / byte_count / math.log(2)

    def aggregate(lens: str, layer: int, measure: str) -> float:
        return to_bits * sum(sequence_means[lens, layer, measure]) / len(sequence_means[lens, layer, measure])

    blocks = len({layer for lens, layer, _ in totals if lens == "logit"}) - 1
    names = {"ce": "cross-entropy", "entropy": "entropy", "kl": "kl-from-final"}
    metrics = {lens: {name: {f"layer_{i}": aggregate(lens, i - 1, measure) for i in range(blocks)} for name, measure in names.items()}
               for lens in ("logit", "tuned")}
    metrics["baseline"] = {name: {"final": aggregate("logit", blocks - 1, names[name])} for name in ("ce", "entropy")}

    OUTPUT.mkdir(parents=True, exist_ok=True)
    (OUTPUT / "documents.jsonl").write_text("".join(json.dumps({"text": text}) + "\n" for text in texts))
    (OUTPUT / "expected.json").write_text(json.dumps({"means": means, "aggregate_metrics": metrics}, indent=1) + "\n")


if __name__ == "__main__":
    main()
