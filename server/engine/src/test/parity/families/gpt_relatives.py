import torch

from .small import GPT, Case, Family, gpt_like, llama_like, renamed, without_prefix

NEOX = Family(blocks="gpt_neox.layers", final_norm="gpt_neox.final_layer_norm")
PHI = Family(blocks="model.layers", final_norm="model.final_layernorm")
LLAMA = Family(blocks="model.layers", final_norm="model.norm")
MPT = Family(blocks="transformer.blocks", final_norm="transformer.norm_f")
OPT = Family(blocks="model.decoder.layers", final_norm="model.decoder.final_layer_norm")
OPT_NARROW = Family(blocks=OPT.blocks, final_norm=None, head_projection="model.decoder.project_out")
FALCON = Family(blocks=GPT.blocks, final_norm=GPT.final_norm, attention="sdpa")
"""The eager form counts alibi twice."""


def with_masks(tensors):
    """Causal masks and frequencies that older versions saved beside the weights."""
    return tensors | {
        "gpt_neox.layers.0.attention.bias": torch.ones(1, 1, 4, 4),
        "gpt_neox.layers.0.attention.masked_bias": torch.tensor(-1e9),
        "gpt_neox.layers.0.attention.rotary_emb.inv_freq": torch.ones(2),
    }


def neox(**keys):
    return {"hidden_size": 24, "intermediate_size": 20, "max_position_embeddings": 64, "model_type": "gpt_neox",
            "num_attention_heads": 3, "num_hidden_layers": 2, "vocab_size": 61} | keys


def opt(**keys):
    return {"ffn_dim": 20, "hidden_size": 24, "max_position_embeddings": 64, "model_type": "opt",
            "num_attention_heads": 3, "num_hidden_layers": 2, "vocab_size": 61, "word_embed_proj_dim": 24} | keys


def falcon(**keys):
    return {"hidden_size": 24, "model_type": "falcon", "num_attention_heads": 3, "num_hidden_layers": 2,
            "vocab_size": 61} | keys


def mpt(**keys):
    return {"d_model": 24, "max_seq_len": 64, "model_type": "mpt", "n_heads": 3, "n_layers": 2, "vocab_size": 61} | keys


def xglm(**keys):
    return {"attention_heads": 3, "d_model": 24, "ffn_dim": 20, "max_position_embeddings": 64, "model_type": "xglm",
            "num_layers": 2, "vocab_size": 61} | keys


def biogpt(**keys):
    return {"hidden_size": 24, "intermediate_size": 20, "max_position_embeddings": 64, "model_type": "biogpt",
            "num_attention_heads": 3, "num_hidden_layers": 2, "vocab_size": 61} | keys


def stablelm(**keys):
    return llama_like("stablelm", ("rms_norm_eps",), **keys)


def cohere(model_type, **keys):
    return llama_like(model_type, ("rms_norm_eps", "tie_word_embeddings"), logit_scale=0.5, **keys)


def phi(**keys):
    return llama_like("phi", ("hidden_act", "rms_norm_eps", "num_key_value_heads"), **keys)


CASES = [
    Case("gpt_neo", "No scale on scores, learned positions, a window on every second block.",
         GPT, {"attention_types": [[["global", "local"], 1]], "hidden_size": 24, "intermediate_size": 20,
               "max_position_embeddings": 64, "model_type": "gpt_neo", "num_heads": 3, "num_layers": 2,
               "vocab_size": 61, "window_size": 4}, matters={"window_size": 64}),
    Case("gpt_neox", "Both branches in parallel with a norm each; an eighth of each head is rotated; stored masks.",
         NEOX, neox(rotary_pct=0.5, rotary_emb_base=100), file_tensors=with_masks,
         unread=(".attention.bias", ".masked_bias", ".inv_freq"), matters={"rotary_pct": 1.0, "use_parallel_residual": False}),
    Case("gpt_neox-sequential", "One branch after the other; no biases in the attention.",
         NEOX, neox(use_parallel_residual=False, attention_bias=False, hidden_act="gelu_new", rotary_pct=0.25)),
    Case("gptj", "One norm for both branches, adjacent pairs, a head with a bias.",
         GPT, gpt_like("gptj", rotary_dim=4), matters={"rotary_dim": 8}),
    Case("codegen", "Queries, values and keys in one tensor of four groups.",
         GPT, gpt_like("codegen", rotary_dim=4, n_embd=32, n_head=4)),
    Case("gpt_bigcode", "One head of keys and values for all.", GPT, gpt_like("gpt_bigcode")),
    Case("gpt_bigcode-multi-head", "Keys and values for every head, interleaved by heads.",
         GPT, gpt_like("gpt_bigcode", multi_query=False, activation_function="gelu")),
    Case("starcoder2", "LayerNorm, biases everywhere, no gate, a window; tied.",
         LLAMA, llama_like("starcoder2", ("rms_norm_eps", "hidden_act", "tie_word_embeddings"), sliding_window=4,
                           norm_epsilon=1e-4), matters={"sliding_window": 64}),
    Case("starcoder2-unbiased", "Without biases or a window.",
         LLAMA, llama_like("starcoder2", ("rms_norm_eps", "hidden_act"), use_bias=False, sliding_window=None)),
    Case("opt", "Position p reads row p + 2; names as in the first files; ReLU.",
         OPT, opt(), file_tensors=renamed("model.decoder.", "decoder.")),
    Case("opt-350m", "Norms behind each addition, no final norm, embedding and head narrower than the stream.",
         OPT_NARROW, opt(do_layer_norm_before=False, word_embed_proj_dim=12)),
    Case("opt-unbiased", "No biases, norms without parameters, GELU.",
         OPT, opt(enable_bias=False, layer_norm_elementwise_affine=False, activation_function="gelu")),
    Case("opt-no-final-norm", "Norms in front of each branch and none at the end.",
         Family(blocks=OPT.blocks, final_norm=None), opt(_remove_final_layer_norm=True)),
    Case("bloom", "Alibi for three heads, a norm on the embedding; names without a prefix.",
         GPT, {"hidden_size": 24, "model_type": "bloom", "n_head": 3, "n_layer": 2, "vocab_size": 61},
         file_tensors=without_prefix("transformer.")),
    Case("bloom-normed-residual", "Each branch is added to its own normed input.",
         GPT, {"apply_residual_connection_post_layernorm": True, "model_type": "bloom", "n_embed": 24, "n_head": 3,
               "n_layer": 2, "num_attention_heads": 3, "vocab_size": 61},
         matters={"apply_residual_connection_post_layernorm": False}),
    Case("falcon-7b", "One norm for both branches, one head of keys and values.", FALCON, falcon()),
    Case("falcon-40b", "A norm for each branch, keys and values grouped with their queries.",
         FALCON, falcon(new_decoder_architecture=True, num_attention_heads=6, num_kv_heads=2)),
    Case("falcon-11b", "The grouped form with one norm for both branches.",
         FALCON, falcon(new_decoder_architecture=True, num_ln_in_parallel_attn=1, num_kv_heads=1, ffn_hidden_size=30)),
    Case("falcon-rw", "Alibi, branches one after the other, biases, keys and values for every head.",
         FALCON, falcon(alibi=True, bias=True, multi_query=False, parallel_attn=False)),
    Case("mpt", "Alibi for three heads, norms without biases, clipped projections.",
         MPT, mpt(attn_config={"clip_qkv": 0.7}), matters={"attn_config": {}}),
    Case("mpt-scale", "A scale of its own for five heads.", MPT, mpt(d_model=20, n_heads=5, attn_config={"softmax_scale": 0.7})),
    Case("phi", "One norm for both branches, biases everywhere, part of each head is rotated.",
         PHI, phi(partial_rotary_factor=0.5), matters={"partial_rotary_factor": 1.0}),
    Case("phi-normed-heads", "LayerNorm with bias on the heads of queries and keys; tied.",
         PHI, phi(qk_layernorm=True, num_key_value_heads=1)),
    Case("stablelm", "LayerNorm with bias, a quarter of each head is rotated.",
         LLAMA, stablelm(), matters={"partial_rotary_factor": 0.5}),
    Case("stablelm-parallel", "Both branches in parallel through one norm, a norm for every head, biases.",
         LLAMA, stablelm(use_parallel_residual=True, qk_layernorm=True, use_qkv_bias=True, layer_norm_eps=1e-3)),
    Case("cohere", "One norm without bias, adjacent pairs, scaled logits; tied.",
         LLAMA, cohere("cohere"), matters={"logit_scale": 1.0}),
    Case("cohere-normed-heads", "A norm for every head of queries and keys.",
         LLAMA, cohere("cohere", use_qk_norm=True, num_attention_heads=4, num_key_value_heads=2)),
    Case("cohere2", "A window on three blocks of four, which alone rotate.",
         LLAMA, cohere("cohere2", num_hidden_layers=4, sliding_window=4, sliding_window_pattern=4),
         matters={"sliding_window": 64}),
    Case("gpt-sw3", "GPT-2 under another name; a head of its own.",
         GPT, gpt_like("gpt-sw3", tie_word_embeddings=False)),
    Case("openai-gpt", "Norms behind each addition and none at the end; the tanh form of GELU; tied.",
         Family(blocks="transformer.h", final_norm=None), gpt_like("openai-gpt", ("activation_function", "n_inner"))),
    Case("openai-gpt-untied", "Swish, a head of its own.",
         Family(blocks="transformer.h", final_norm=None),
         gpt_like("openai-gpt", ("activation_function", "n_inner"), afn="swish", tie_word_embeddings=False),
         matters={"afn": "gelu"}),
    Case("gpt_neox_japanese", "One branch after the other, no biases but one in the last block; tied.",
         Family(blocks="gpt_neox_japanese.layers", final_norm="gpt_neox_japanese.final_layer_norm"),
         {"hidden_size": 24, "intermediate_multiple_size": 2, "max_position_embeddings": 64, "model_type": "gpt_neox_japanese",
          "num_attention_heads": 3, "num_hidden_layers": 2, "vocab_size": 61, "rotary_pct": 0.5, "rotary_emb_base": 100},
         matters={"rotary_pct": 1.0, "rotary_emb_base": 10000}),
    Case("persimmon", "Norms with biases on heads, the square of ReLU, half of each head is rotated.",
         PHI, llama_like("persimmon", ("hidden_act", "rms_norm_eps", "num_key_value_heads"), rope_theta=100.0)),
    Case("persimmon-unnormed-heads", "No norms on heads; tied.",
         PHI, llama_like("persimmon", ("rms_norm_eps", "num_key_value_heads"), hidden_act="gelu", qk_layernorm=False,
                         tie_word_embeddings=True), matters={"hidden_act": "relu2"}),
    Case("xglm", "Computed positions, a scaled embedding; tied.",
         Family(blocks="model.layers", final_norm="model.layer_norm"), xglm(), matters={"scale_embedding": False}),
    Case("xglm-unscaled", "No scale, ReLU, a head of its own.",
         Family(blocks="model.layers", final_norm="model.layer_norm"),
         xglm(scale_embedding=False, activation_function="relu", tie_word_embeddings=False)),
    Case("biogpt", "Position p reads row p + 2; a scaled embedding; tied.",
         Family(blocks="biogpt.layers", final_norm="biogpt.layer_norm"), biogpt(), matters={"scale_embedding": False}),
    Case("biogpt-untied", "No scale, a head of its own, an epsilon that does not count.",
         Family(blocks="biogpt.layers", final_norm="biogpt.layer_norm"),
         biogpt(scale_embedding=False, tie_word_embeddings=False, layer_norm_eps=0.5)),
    Case("jais2", "LayerNorm, the square of ReLU, no gate, biases everywhere.",
         LLAMA, llama_like("jais2", ("rms_norm_eps", "hidden_act"), layer_norm_eps=1e-4)),
    Case("nemotron", "LayerNorm weights less 1, the square of ReLU, no gate, half of each head is rotated.",
         LLAMA, llama_like("nemotron", ("rms_norm_eps", "hidden_act"), norm_eps=1e-4)),
    Case("nemotron-biases", "Biases in the attention and the feed-forward, heads of another size.",
         LLAMA, llama_like("nemotron", ("rms_norm_eps", "hidden_act"), attention_bias=True, mlp_bias=True, head_dim=16,
                           partial_rotary_factor=0.25), matters={"partial_rotary_factor": 1.0}),
]
