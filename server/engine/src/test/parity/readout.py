"""Statistics of each cell (layer, position), in float64 from the float32 logits."""

import torch

from reference import Reference

TOP = 10


def readout(token_ids: list[int], reference: Reference, logit_positions: list[int],
            output: torch.Tensor | None = None) -> dict[str, torch.Tensor]:
    """Everything in expected.safetensors. See README.md for shapes and meanings.

    output: the model's own logits, [tokens, vocabulary], where the last row of the reference is something else.
    """
    logits = reference.logits.double()
    final = (reference.logits[-1] if output is None else output).double()[None]
    without_norm = reference.logits_without_final_norm.double()
    log_probs = logits.log_softmax(-1)
    order = logits.argsort(dim=-1, descending=True, stable=True)
    final_top = final.argsort(dim=-1, descending=True, stable=True)[0, :, 0]
    following = torch.tensor(token_ids[1:])

    expected = {
        "residuals": reference.residuals,
        "logits": reference.logits[:, logit_positions],
        "top1_without_final_norm": without_norm.argsort(dim=-1, descending=True, stable=True)[..., 0],
        "log_sum_exp_without_final_norm": without_norm.logsumexp(-1),
        "log_sum_exp": logits.logsumexp(-1),
        "entropy": -(log_probs.exp() * log_probs).sum(-1),
        "kl_from_final": divergence(final.log_softmax(-1), log_probs),
        "kl_from_next": append_row(divergence(log_probs[1:], log_probs[:-1]), float("nan")),
        "top_ids": order[..., :TOP],
        "top_log_probs": log_probs.gather(-1, order[..., :TOP]),
        "next_token_rank": append_column(rank(logits[:, :-1], following), 0),
        "next_token_log_prob": append_column(of_target(log_probs[:, :-1], following), float("nan")),
        "final_top_rank": rank(logits, final_top),
        "final_top_log_prob": of_target(log_probs, final_top),
        "token_ids": torch.tensor(token_ids),
        "logit_positions": torch.tensor(logit_positions),
    }
    return {name: (values.float() if values.is_floating_point() else values.int()).contiguous()
            for name, values in expected.items()}


def divergence(log_p: torch.Tensor, log_q: torch.Tensor) -> torch.Tensor:
    return (log_p.exp() * (log_p - log_q)).sum(-1).clamp(min=0)


def of_target(values: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    """From [layers, positions, vocabulary], the column of each position's target."""
    return values.gather(-1, targets.expand(len(values), -1)[..., None])[..., 0]


def rank(logits: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    return 1 + (logits > of_target(logits, targets)[..., None]).sum(-1)


def append_row(values: torch.Tensor, fill: float) -> torch.Tensor:
    return torch.cat([values, torch.full_like(values[:1], fill)])


def append_column(values: torch.Tensor, fill: float) -> torch.Tensor:
    return torch.cat([values, torch.full_like(values[:, :1], fill)], dim=1)
