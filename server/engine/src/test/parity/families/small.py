"""What the small cases, which have random token ids and no tokenizer, have in common."""

from case import Case, Family, Tensors

LLAMA = Family(blocks="model.layers", final_norm="model.norm")
GPT = Family(blocks="transformer.h", final_norm="transformer.ln_f")


def llama_like(model_type: str, without: tuple[str, ...] = (), **keys: object) -> dict:
    """A configuration under Llama's names, less some keys."""
    config = {
        "hidden_act": "silu",
        "hidden_size": 24,
        "intermediate_size": 20,
        "max_position_embeddings": 64,
        "model_type": model_type,
        "num_attention_heads": 3,
        "num_hidden_layers": 2,
        "num_key_value_heads": 1,
        "rms_norm_eps": 1e-5,
        "tie_word_embeddings": False,
        "vocab_size": 61,
    } | keys
    return {name: value for name, value in config.items() if name not in without}


def gpt_like(model_type: str, without: tuple[str, ...] = (), **keys: object) -> dict:
    """A configuration under GPT-2's names, less some keys."""
    config = {
        "activation_function": "gelu_new",
        "layer_norm_epsilon": 1e-5,
        "model_type": model_type,
        "n_embd": 24,
        "n_head": 3,
        "n_inner": 20,
        "n_layer": 2,
        "n_positions": 64,
        "vocab_size": 61,
    } | keys
    return {name: value for name, value in config.items() if name not in without}


def without_prefix(prefix: str):
    """The file's tensors without the prefix that transformers writes."""
    return lambda tensors: {name.removeprefix(prefix): tensor for name, tensor in tensors.items()}


def renamed(old: str, new: str):
    """The file's tensors with another beginning."""
    return lambda tensors: {
        new + name.removeprefix(old) if name.startswith(old) else name: tensor for name, tensor in tensors.items()}


__all__ = ["GPT", "LLAMA", "Case", "Family", "Tensors", "gpt_like", "llama_like", "renamed", "without_prefix"]
