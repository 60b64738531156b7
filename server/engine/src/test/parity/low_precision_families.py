"""Writes how far transformers' bfloat16 is from its float32 in every parity case, so that our own bfloat16 can be held to it.
See README.md."""

import torch
import transformers
from safetensors.torch import load_file

import reference
from case import Case
from checkpoint import write_json
from families import CASES
from generate import FIXTURES

EXPECTED = FIXTURES.parent / "low-precision" / "families.json"


def error(case: Case) -> float:
    """What the best token's log-probability in bfloat16 is off from the recorded one: the mean over the nearest three quarters of all
    layers and positions, since rounding decides a near tie between experts, and then a few cells are far in any bfloat16."""
    directory = FIXTURES / case.name
    recorded = load_file(directory / "expected.safetensors")
    model = reference.load(directory, case.family, case.unread, case.absent, torch.bfloat16)
    logits = reference.run(model, case.family, recorded["token_ids"].tolist()).logits
    best = logits.double().log_softmax(-1).amax(-1)
    errors = (best - recorded["top_log_probs"][..., 0].double()).abs().flatten().sort().values
    return errors[: 3 * len(errors) // 4].mean().item()


def main() -> None:
    torch.set_num_threads(1)
    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()
    errors = {case.name: round(error(case), 5) for case in CASES}
    write_json(EXPECTED, {"transformers": transformers.__version__, "meanErrors": errors})
    print(f"{len(errors)} cases, the largest error {max(errors.values())} in {max(errors, key=errors.get)}")


if __name__ == "__main__":
    main()
