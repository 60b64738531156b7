"""Compares what is recorded of fits with what the published programs fit: TransformerLens 4.3.0 and tuned-lens 0.2.0. See README.md."""

import argparse

import torch
import transformers
from safetensors.torch import load_file
from torch import nn
from transformers import PreTrainedTokenizerFast

import reference
from case import Case
from families import CASES
from generate_fits import FITS, PARITY, SKIPPED, STEPS

TOLERANCE = 1e-4
"""As a share of the largest number."""


def model_of(case: Case) -> nn.Module:
    return reference.load(PARITY / case.name, case.family, case.unread, case.absent)


def jacobian(case: Case, sequences: torch.Tensor) -> torch.Tensor:
    from transformer_lens.model_bridge import TransformerBridge
    from transformer_lens.tools.analysis.jacobian_lens import JacobianLens

    directory = PARITY / case.name
    model = model_of(case)
    tokenizer = PreTrainedTokenizerFast(tokenizer_file=str(directory / "tokenizer.json"))
    bridge = TransformerBridge.boot_transformers(str(directory), hf_model=model, tokenizer=tokenizer, dtype=torch.float32, device="cpu")
    bridge.eval()
    bridge.to_tokens = lambda number: sequences[number][None].long()
    lens = JacobianLens.fit(bridge, list(range(len(sequences))), corpus="recorded", skip_first_positions=SKIPPED, show_progress=False)
    return torch.stack([lens.jacobians[layer] for layer in sorted(lens.jacobians)])


def tuned(case: Case, sequences: torch.Tensor) -> dict[str, torch.Tensor]:
    """Optimizer and schedule as in scripts/ingredients.py, which needs a torchdata of other years."""
    from tuned_lens import TunedLens

    model = model_of(case)
    lens = TunedLens.from_model(model)
    parameters = [parameter for parameter in lens.parameters() if parameter.requires_grad]
    optimizer = torch.optim.SGD(parameters, lr=1 - 0.9, momentum=0.9, nesterov=True, weight_decay=1e-3)
    schedule = transformers.get_linear_schedule_with_warmup(optimizer, 0, STEPS)
    with torch.no_grad():
        output = model(sequences.long(), output_hidden_states=True)
    target = output.logits.log_softmax(-1)
    losses = torch.zeros(STEPS, len(lens))
    for step in range(STEPS):
        for point, rows in enumerate(output.hidden_states[:-1]):
            loss = (target.exp() * (target - lens(rows, idx=point).log_softmax(-1))).sum(-1).mean()
            losses[step, point] = loss.detach()
            loss.backward()
        nn.utils.clip_grad_norm_(lens.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad()
        schedule.step()
    return {"tuned.matrix": torch.stack([one.weight.data for one in lens]),
            "tuned.bias": torch.stack([one.bias.data for one in lens]), "tuned.losses": losses}


def compare(name: str, expected: torch.Tensor, actual: torch.Tensor) -> None:
    share = ((expected - actual).abs().max() / expected.abs().max()).item()
    print(f"{name}: differs by {share:.1e} of its largest number")
    if share > TOLERANCE:
        raise SystemExit(f"{name} is not what is recorded")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("peer", choices=["transformer-lens", "tuned-lens"])
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    transformers.logging.set_verbosity_error()
    for case in CASES:
        if case.name not in ("gpt2", "llama"):
            continue
        recorded = load_file(FITS / f"{case.name}.safetensors")
        if arguments.peer == "transformer-lens":
            compare(f"{case.name} jacobian", recorded["jacobian"], jacobian(case, recorded["sequences"]))
        else:
            for name, tensor in tuned(case, recorded["sequences"]).items():
                compare(f"{case.name} {name}", recorded[name], tensor)


if __name__ == "__main__":
    main()
