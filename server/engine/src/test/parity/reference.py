"""What transformers computes, in float32 unless asked otherwise, whatever dtype the file stores."""

from pathlib import Path
from typing import NamedTuple

import torch
from torch import nn
from transformers import AutoConfig, AutoModelForCausalLM, AutoModelForImageTextToText, PretrainedConfig

from case import Family


class Reference(NamedTuple):
    residuals: torch.Tensor
    """[layers + 1, tokens, hidden]: what enters block 0, then what leaves each block; of several streams, what the model reads."""
    logits: torch.Tensor
    """[layers + 1, tokens, vocabulary]: final norm and head of each row of residuals."""
    logits_without_final_norm: torch.Tensor


def auto_class(config: PretrainedConfig) -> type:
    """That of a text model, or of one that also sees."""
    sees = hasattr(config, "vision_config") or hasattr(config, "vq_config")
    return AutoModelForImageTextToText if sees and type(config) in AutoModelForImageTextToText._model_mapping else AutoModelForCausalLM


def load(directory: Path, family: Family, unread: tuple[str, ...] = (), absent: tuple[str, ...] = (),
         dtype: torch.dtype = torch.float32) -> nn.Module:
    """Loads a model directory; refuses one that transformers does not read in full, but for unread names, or with absent parts."""
    model, loading = auto_class(AutoConfig.from_pretrained(directory)).from_pretrained(
        directory, dtype=dtype, attn_implementation=family.attention, output_loading_info=True)
    complaints = [name for name in loading["unexpected_keys"] if not any(part in name for part in unread)]
    complaints += [name for name in loading["missing_keys"] if not name.startswith(absent)] if absent else [*loading["missing_keys"]]
    complaints += [*loading["mismatched_keys"]]
    if complaints:
        raise ValueError(f"{directory.name}: not read as it stands: {complaints}")
    return model.eval()


@torch.no_grad()
def run(model: nn.Module, family: Family, token_ids: list[int]) -> Reference:
    residuals = []
    blocks = model.get_submodule(family.blocks)
    hooks = [blocks[0].register_forward_pre_hook(lambda _, arguments: residuals.append(arguments[0]))]
    hooks += [block.register_forward_hook(lambda _, __, output: residuals.append(stream(output))) for block in blocks]
    output = model(torch.tensor([token_ids]), use_cache=False).logits
    for hook in hooks:
        hook.remove()

    final_norm = model.get_submodule(family.final_norm) if family.final_norm else nn.Identity()
    residuals = [family.read_streams(model, residual) for residual in residuals]
    logits = [decode(model, family, final_norm(residual)) for residual in residuals]
    if not torch.equal(logits[-1].to(output.dtype), output):
        raise ValueError(f"{model.config.model_type}: the last block, normed and decoded, is not the model's own output")
    return Reference(torch.cat(residuals), torch.cat(logits), 
                     torch.cat([decode(model, family, residual) for residual in residuals]))


def decode(model: nn.Module, family: Family, rows: torch.Tensor) -> torch.Tensor:
    """Everything after the final norm."""
    config = model.config.get_text_config()
    if family.head_projection:
        rows = model.get_submodule(family.head_projection)(rows)
    head = model.get_output_embeddings()
    logits = head(rows.to(head.weight.dtype))  # some models keep a wider residual stream
    if not family.caps_logits:
        return logits
    logits = logits * getattr(config, "logit_scale", None) if getattr(config, "logit_scale", None) else logits
    scaling = getattr(config, "logits_scaling", 1.0)
    logits = logits * getattr(config, "lm_head_multiplier", 1.0)
    logits = logits * scaling if family.multiplies_logits else logits / scaling
    cap = getattr(config, "final_logit_softcapping", getattr(config, "logits_soft_cap", None))
    return torch.tanh(logits / cap) * cap if cap else logits


def stream(output: torch.Tensor | tuple) -> torch.Tensor:
    return output[0] if isinstance(output, (tuple, list)) else output
