from .small import LLAMA, Case, Family, llama_like

WRAPPED = Family(blocks="model.language_model.layers", final_norm="model.language_model.norm", caps_logits=False)


def gemma(model_type: str, **keys: object) -> dict:
    return llama_like(model_type, ("hidden_act", "tie_word_embeddings", "rms_norm_eps"), head_dim=16, **keys)


GEMMA2 = gemma("gemma2", num_hidden_layers=3, sliding_window=4, query_pre_attn_scalar=24,
               attn_logit_softcapping=1.5, final_logit_softcapping=4.0)
GEMMA3 = gemma("gemma3_text", num_hidden_layers=3, sliding_window=4, sliding_window_pattern=3, query_pre_attn_scalar=24,
               rope_theta=1000.0, rope_local_base_freq=100.0, rope_scaling={"rope_type": "linear", "factor": 4.0})


def old_wrapper(tensors):
    """The names of the first files: the prefix is the other way round."""
    return {name.replace("model.language_model.", "language_model.model."): tensor for name, tensor in tensors.items()}


WRAPPED4 = Family(blocks="model.language_model.layers", final_norm="model.language_model.norm")


def gemma4(**keys: object) -> dict:
    return {"global_head_dim": 12, "head_dim": 8, "hidden_activation": "gelu_pytorch_tanh", "hidden_size": 24,
            "hidden_size_per_layer_input": 0, "intermediate_size": 20, "max_position_embeddings": 64, "model_type": "gemma4_text",
            "num_attention_heads": 3, "num_hidden_layers": 2, "num_key_value_heads": 1, "rms_norm_eps": 1e-5, "sliding_window": 4,
            "vocab_size": 61} | keys


def unified() -> dict:
    keys = gemma4(model_type="gemma4_unified_text", layer_types=["sliding_attention", "full_attention"])
    return {name: value for name, value in keys.items() if name != "hidden_size_per_layer_input"}


CASES = [
    Case("gemma", "Norm weights less 1, the embedding times the root of its width, GELU in its tanh form; tied.",
         LLAMA, gemma("gemma", hidden_act="gelu")),
    Case("gemma-defaults", "Without keys for activation and head size: heads of 256.",
         LLAMA, llama_like("gemma", ("hidden_act", "head_dim", "rms_norm_eps", "tie_word_embeddings"),
                           num_attention_heads=1, hidden_size=8)),
    Case("gemma2", "Four norms a block, softcaps on scores and logits, a window on every second block.",
         LLAMA, GEMMA2, matters={"attn_logit_softcapping": 50.0, "final_logit_softcapping": 30.0, "sliding_window": 64,
                                 "query_pre_attn_scalar": 256}),
    Case("vaultgemma", "Gemma 2 without norms behind the branches.",
         LLAMA, GEMMA2 | {"model_type": "vaultgemma", "num_hidden_layers": 2}, matters={"sliding_window": 64}),
    Case("gemma3_text", "Norms on heads; windows of two blocks of three, which rotate with a base of their own.",
         LLAMA, GEMMA3, matters={"sliding_window": 64, "rope_local_base_freq": 10000.0}),
    Case("gemma3_text-new-keys", "Kinds of blocks and ropes written out, a softcap on the logits.",
         LLAMA, gemma("gemma3_text", num_hidden_layers=2, sliding_window=4, final_logit_softcapping=4.0,
                      layer_types=["full_attention", "sliding_attention"],
                      rope_parameters={"full_attention": {"rope_type": "linear", "factor": 2.0, "rope_theta": 500.0},
                                       "sliding_attention": {"rope_type": "default", "rope_theta": 50.0}})),
    Case("gemma3", "A text model inside a model that sees, under the names of the first files; no softcap there.",
         WRAPPED, {"model_type": "gemma3", "mm_tokens_per_image": 1,
                   "text_config": GEMMA3 | {"final_logit_softcapping": 4.0},
                   "vision_config": {"hidden_size": 4, "image_size": 4, "intermediate_size": 4, "num_attention_heads": 1,
                                     "num_hidden_layers": 1, "patch_size": 4, "model_type": "siglip_vision_model"}},
         file_tensors=old_wrapper),
    Case("gemma4_text", "Heads of two sizes, vectors of the token for each block, keys of earlier blocks with wider feed-forwards.",
         LLAMA, gemma4(num_hidden_layers=6, num_kv_shared_layers=3, hidden_size_per_layer_input=4, use_double_wide_mlp=True,
                       vocab_size_per_layer_input=61, final_logit_softcapping=2.0,
                       layer_types=["full_attention", "sliding_attention", "full_attention", "sliding_attention",
                                    "full_attention", "full_attention"]),
         matters={"sliding_window": 64, "final_logit_softcapping": None}),
    Case("gemma4_text-experts", "Experts beside a dense feed-forward; the last block sees all keys.",
         LLAMA, gemma4(enable_moe_block=True, num_experts=5, top_k_experts=2, moe_intermediate_size=10,
                       layer_types=["sliding_attention", "sliding_attention"], use_bidirectional_attention="vision"),
         matters={"sliding_window": 64}),
    Case("gemma4_text-keys-as-values", "No product for values in blocks without a window, which have heads of their own; biases.",
         LLAMA, gemma4(attention_k_eq_v=True, num_global_key_value_heads=3, attention_bias=True, tie_word_embeddings=False,
                       layer_types=["full_attention", "sliding_attention", "full_attention"], num_hidden_layers=3,
                       rope_parameters={"full_attention": {"rope_type": "proportional", "rope_theta": 100.0,
                                                           "partial_rotary_factor": 0.5},
                                        "sliding_attention": {"rope_type": "default", "rope_theta": 1000.0}})),
    Case("gemma4", "The same inside a model that sees; an id that stands for an image has the embedding of padding.",
         WRAPPED4, {"model_type": "gemma4", "vision_config": None, "audio_config": None, "image_token_id": 7,
                    "text_config": gemma4(hidden_size_per_layer_input=4, vocab_size_per_layer_input=61,
                                          final_logit_softcapping=2.0, pad_token_id=3,
                                          layer_types=["sliding_attention", "full_attention"])}),
    Case("gemma4_unified_text", "No vectors of the token.",
         LLAMA, unified(),
         matters={"sliding_window": 64}),
    Case("gemma4_unified", "The same inside a model that sees.",
         WRAPPED4, {"model_type": "gemma4_unified", "vision_config": None, "audio_config": None,
                    "text_config": unified()}),
]
