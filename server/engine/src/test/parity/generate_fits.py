"""Regenerates what fitting must give: lenses by their definitions, in plain torch.autograd over transformers. See README.md."""

from pathlib import Path

import torch
import transformers
from safetensors.torch import load_file, save_file
from torch import nn

import reference
from case import Case, Family
from families import CASES

FITS = Path(__file__).parent.parent / "resources" / "fits"
PARITY = Path(__file__).parent.parent / "resources" / "parity"
BOTH = ["gpt2", "llama", "gemma2", "qwen3_5"]
JACOBIAN_ONLY = ["mamba", "recurrent_gemma", "mixtral", "gemma4_text", "falcon_h1", "minimax", "lfm2",
                 "nemotron_h", "kimi_linear", "zamba2-shared"]
SKIPPED = 2
STEPS = 3


def stream(model: nn.Module, family: Family, ids: torch.Tensor) -> list[torch.Tensor]:
    """What enters block 0 and what leaves each block, as parts of one graph."""
    rows = []
    blocks = model.get_submodule(family.blocks)

    def entering(_, arguments):
        rows.append(arguments[0].requires_grad_() if not arguments[0].requires_grad else arguments[0])

    hooks = [blocks[0].register_forward_pre_hook(entering)]
    hooks += [block.register_forward_hook(lambda _, __, output: rows.append(reference.stream(output))) for block in blocks]
    model(ids[None], use_cache=False)
    for hook in hooks:
        hook.remove()
    return rows


def jacobians(model: nn.Module, family: Family, ids: torch.Tensor) -> torch.Tensor:
    """Of one prompt. [blocks - 1, d, d]: the sum over targets, the mean over sources; neither the first ones nor the last."""
    rows = stream(model, family, ids)
    final, sources = rows[-1], rows[1:-1]
    valid = slice(SKIPPED, len(ids) - 1)
    result = torch.zeros(len(sources), final.shape[-1], final.shape[-1])
    for number in range(final.shape[-1]):
        gradients = torch.autograd.grad(final[0, valid, number].sum(), sources, retain_graph=True)
        for layer, gradient in enumerate(gradients):
            result[layer, number] = gradient[0, valid].mean(0)
    return result


def tuned(model: nn.Module, family: Family, sequences: list[torch.Tensor]) -> dict[str, torch.Tensor]:
    """Some steps of the published recipe on the same tokens."""
    with torch.no_grad():
        streams = [stream(model, family, ids) for ids in sequences]
    rows = [torch.cat([one[point][0] for one in streams]).detach() for point in range(len(streams[0]))]
    norm = model.get_submodule(family.final_norm)
    target = reference.decode(model, family, norm(rows[-1])).log_softmax(-1).detach()
    translators = nn.ModuleList(nn.Linear(rows[0].shape[-1], rows[0].shape[-1]) for _ in rows[:-1])
    for parameter in translators.parameters():
        nn.init.zeros_(parameter)
    optimizer = torch.optim.SGD(translators.parameters(), lr=0.1, momentum=0.9, nesterov=True, weight_decay=1e-3)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: 1 - step / STEPS)
    losses = torch.zeros(STEPS, len(translators))
    for step in range(STEPS):
        for point, translator in enumerate(translators):
            logits = reference.decode(model, family, norm(rows[point] + translator(rows[point])))
            loss = (target.exp() * (target - logits.log_softmax(-1))).sum(-1).mean()
            losses[step, point] = loss.detach()
            loss.backward()
        nn.utils.clip_grad_norm_(translators.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad()
        schedule.step()
    return {"tuned.matrix": torch.stack([one.weight.data for one in translators]),
            "tuned.bias": torch.stack([one.bias.data for one in translators]), "tuned.losses": losses}


def record(case: Case) -> None:
    directory = PARITY / case.name
    model = reference.load(directory, case.family, case.unread, case.absent)
    for parameter in model.parameters():
        parameter.requires_grad_(False)
    ids = load_file(directory / "expected.safetensors")["token_ids"].long()[:12]
    sequences = [ids, ids.flip(0)]
    tensors = {"sequences": torch.stack(sequences).int(),
               "jacobian": torch.stack([jacobians(model, case.family, one) for one in sequences]).mean(0)}
    if case.name in BOTH:
        tensors |= tuned(model, case.family, sequences)
    FITS.mkdir(exist_ok=True)
    save_file({name: tensor.contiguous() for name, tensor in tensors.items()}, FITS / f"{case.name}.safetensors")
    print(case.name, {name: [*tensor.shape] for name, tensor in tensors.items()})


def main() -> None:
    torch.set_num_threads(1)
    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()
    for case in CASES:
        if case.name in BOTH + JACOBIAN_ONLY:
            record(case)


if __name__ == "__main__":
    main()
