"""Writes what the embedded model's lens is in float32 and in bfloat16, so that our own bfloat16 can be held to that of
transformers: two correct bfloat16 programs round differently, but neither may be much farther from float32 than the other.
See README.md."""

from pathlib import Path

import torch
import transformers
from safetensors.torch import save_file
from tokenizers import Tokenizer
from transformers import AutoModelForCausalLM

import reference
from families.llama import LLAMA
from readout import append_column, of_target

PARITY = Path(__file__).resolve().parent
MODEL = PARITY.parents[3] / "models" / "demo"
EXPECTED = PARITY.parent / "resources" / "low-precision" / "demo.safetensors"
PROMPTS = (
    "The capital of France is Paris. The capital of Italy is",
    "Monday, Tuesday, Wednesday, Thursday, Friday,",
    "7 + 5 = 12. 6 + 9 =",
    "The language of Brazil is Portuguese, and the currency of Japan is the yen.",
    "the cat sat on the mat the cat sat on the",
    "Spain is a country in Europe. Kenya is a country in",
)


@torch.no_grad()
def statistics(token_ids: list[int], dtype: torch.dtype) -> dict[str, torch.Tensor]:
    """Each of [layers + 1, tokens]; the logits are rounded to dtype, what is made of them is not."""
    model = AutoModelForCausalLM.from_pretrained(MODEL, dtype=dtype, attn_implementation="eager").eval()
    logits = reference.run(model, LLAMA, token_ids).logits.double()
    log_probs = logits.log_softmax(-1)
    return {
        "log_sum_exp": logits.logsumexp(-1),
        "entropy": -(log_probs.exp() * log_probs).sum(-1),
        "next_token_log_prob": append_column(of_target(log_probs[:, :-1], torch.tensor(token_ids[1:])), 0.0),
    }


def main() -> None:
    torch.set_num_threads(1)
    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()
    tokenizer = Tokenizer.from_file(str(MODEL / "tokenizer.json"))
    expected = {}
    for index, prompt in enumerate(PROMPTS):
        ids = tokenizer.encode(prompt).ids
        expected[f"{index}.token_ids"] = torch.tensor(ids, dtype=torch.int32)
        for name, dtype in (("float32", torch.float32), ("bfloat16", torch.bfloat16)):
            for statistic, values in statistics(ids, dtype).items():
                expected[f"{index}.{statistic}.{name}"] = values.float().contiguous()
    EXPECTED.parent.mkdir(parents=True, exist_ok=True)
    save_file(expected, EXPECTED)
    for statistic in ("log_sum_exp", "entropy", "next_token_log_prob"):
        errors = torch.cat([(expected[f"{i}.{statistic}.bfloat16"] - expected[f"{i}.{statistic}.float32"]).abs()
                            for i in range(len(PROMPTS))], dim=1)
        print(f"{statistic}: mean error of transformers by layer {[round(e, 4) for e in errors.mean(1).tolist()]}")


if __name__ == "__main__":
    main()
