"""Loading of a local checkpoint through transformers, for the tools that start from its model."""

from pathlib import Path

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer, PreTrainedModel

from tools.lens import Prompt

# Where the families keep the norm before their head.
FINAL_NORMS = ("norm", "ln_f", "final_layer_norm", "final_layernorm")


def load_model(model: Path, dtype: torch.dtype) -> PreTrainedModel:
    return AutoModelForCausalLM.from_pretrained(model, dtype=dtype).eval()


def final_norm(model: PreTrainedModel) -> torch.nn.Module:
    for name in FINAL_NORMS:
        if hasattr(model.base_model, name):
            return getattr(model.base_model, name)
    raise ValueError(f"{type(model).__name__} keeps its final norm in none of {FINAL_NORMS}")


def text_of(prompt: Prompt, tokenizer: AutoTokenizer) -> str:
    """The prompt's text, once it is sure that the tool will see the same tokens as everybody else."""
    if prompt.text is None:
        raise ValueError("this tool takes text, not ids: send the text that tokenizes to token_ids")
    seen = tokenizer.encode(prompt.text)
    if seen != prompt.token_ids:
        raise ValueError(f"the text tokenizes to {seen}, but token_ids are {prompt.token_ids}")
    return prompt.text
