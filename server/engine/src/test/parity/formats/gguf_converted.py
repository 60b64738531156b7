"""Cases of families as GGUF files, written by llama.cpp's own converter. Expected values are those of transformers for the original."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial

from case import Case, Tensors, unchanged
from families import CASES as RECORDED
from formats.gguf_inputs import packed_experts, rotated_first, rounded_experts

BY_NAME = {case.name: case for case in RECORDED}
NEVER = "never"
"""Marks a key that a changed configuration lacks."""


@dataclass(frozen=True)
class Converted:
    source: str
    """A recorded case."""
    change: dict = field(default_factory=dict)
    """Keys of its configuration with another value, where a GGUF file cannot say the recorded one; then the case has values of its own."""
    name: str = ""
    converter: dict = field(default_factory=dict)
    """Keys that the converter wants and transformers 5 does not write."""
    architecture: str = ""
    """The converter's name of the class, if it is another one."""
    plain: bool = False
    """Float32, for a converter that multiplies weights, or a case of float32."""
    raw: bool = False
    """The converter reads the file alone, without the defaults of the class."""
    numbers: Callable[[Tensors], Tensors] = unchanged
    """Changes the case's tensors, to numbers that the file can say."""
    written: Callable[[Tensors], Tensors] = unchanged
    """From the tensors of the case to those that the converter reads."""

    @property
    def folder(self) -> str:
        return f"gguf-converted-{self.name or self.source}"

    @property
    def case(self) -> Case:
        recorded = BY_NAME[self.source]
        if not self.change:
            return recorded
        config = {key: value for key, value in (recorded.config | self.change).items() if value != NEVER}
        return replace(recorded, name=self.folder, config=config, matters={}, tokens=11,
                       file_tensors=lambda tensors: self.numbers(recorded.file_tensors(tensors)))


D_HEAD = {"d_head": 8}
MSCALE = {"type": "yarn", "factor": 4.0, "original_max_position_embeddings": 16, "beta_fast": 4, "beta_slow": 1, "mscale": 0.7,
          "mscale_all_dim": 0.7}
YARN = {"rope_type": "yarn", "rope_theta": 100.0, "factor": 4.0, "original_max_position_embeddings": 16}
SAME_FACTORS = {"full_attn_alpha_factor": 0.7, "linear_attn_alpha_factor": 0.7, "mlp_alpha_factor": 0.7,
                "full_attn_beta_factor": NEVER, "linear_attn_beta_factor": NEVER, "mlp_beta_factor": NEVER}
FACTORS = {f"layernorm_{part}_{name}": number for part in ("full_attention", "linear_attention", "mlp")
           for name, number in (("alpha", 0.7), ("beta", 1.0))}

CASES = [
    Converted("afmoe", {"num_hidden_layers": 4, "global_attn_every_n_layers": 4, "mup_enabled": True}),
    Converted("apertus"),
    Converted("arcee"),
    Converted("bamba"),
    Converted("cohere"),
    Converted("cohere-normed-heads"),
    Converted("cohere2_moe"),
    Converted("deepseek_v2"),
    Converted("deepseek_v2-greedy", {"rope_scaling": MSCALE}),
    Converted("deepseek_v3"),
    Converted("deepseek_v32"),
    Converted("deepseek_v4", {"layer_types": NEVER, "mlp_layer_types": NEVER, "compress_rates": NEVER, "partial_rotary_factor": NEVER,
                              "compress_ratios": [4, 0, 128], "num_hash_layers": 1, "qk_rope_head_dim": 4, "index_topk": 1,
                              "rope_theta": 1000.0, "compress_rope_theta": 500.0, "swiglu_limit": 0.5, "hidden_size": 32,
                              "moe_intermediate_size": 32, "n_routed_experts": 4,
                              "rope_scaling": {"type": "yarn", "factor": 4, "original_max_position_embeddings": 16, "beta_fast": 32,
                                               "beta_slow": 1}},
              numbers=rounded_experts, written=packed_experts),
    Converted("dots1-unshared"),
    Converted("ernie4_5"),
    Converted("ernie4_5_moe"),
    Converted("exaone_moe"),
    Converted("falcon_h1", converter={"head_dim": 8, "rope_theta": 10000.0}, plain=True),
    Converted("falcon_mamba", {"mixer_rms_eps": NEVER}),
    Converted("gemma3n_text-defaults"),
    Converted("gemma4_text"),
    Converted("gemma4_text-experts"),
    Converted("gemma4_text-keys-as-values"),
    Converted("glm", {"head_dim": 8}),
    Converted("glm4_moe"),
    Converted("glm4v"),
    Converted("glm_moe_dsa"),
    Converted("gpt_bigcode"),
    Converted("gpt_neox", {"rotary_emb_base": 10000}),
    Converted("granite_swa", {"layer_rope_theta": NEVER}),
    Converted("granitemoe"),
    Converted("granitemoe_swa"),
    Converted("granitemoehybrid"),
    Converted("granitemoehybrid-dense", {"position_embedding_type": "nope"}),
    Converted("granitemoeshared"),
    Converted("hunyuan_v1_dense", {"rope_scaling": NEVER}),
    Converted("hunyuan_vl"),
    Converted("hunyuan_v1_moe", converter={"moe_intermediate_size": [20, 20], "num_shared_expert": [1, 1]}),
    Converted("hy_v3"),
    Converted("jais2"),
    Converted("jamba"),
    Converted("kimi_linear", {"num_expert_group": 1, "topk_group": 1}),
    Converted("laguna"),
    Converted("lfm2"),
    Converted("lfm2_moe"),
    Converted("llama4_text", {"attention_chunk_size": 8192, "floor_scale": 8192, "attn_scale": 0.1}),
    Converted("mamba"),
    Converted("mamba2"),
    Converted("mellum-ropes", {"norm_topk_prob": True, "rope_parameters": {
        "full_attention": YARN, "sliding_attention": {"rope_type": "default", "rope_theta": 1000.0}}}),
    Converted("minicpm3", {"hidden_size": 32, "num_attention_heads": 4, "num_key_value_heads": 4, "scale_emb": NEVER, "scale_depth": NEVER, "dim_model_base": NEVER,
                           "rope_theta": NEVER}),
    Converted("minimax", SAME_FACTORS | {"head_dim": 8, "rope_theta": NEVER, "rope_parameters": {
        "rope_type": "proportional", "rope_theta": 100.0, "partial_rotary_factor": 0.5}}, "minimax-partly-rotated",
              FACTORS | {"rope_parameters": {"rope_type": "default", "rope_theta": 10.0}, "rotary_dim": 4}, "MiniMaxText01ForCausalLM",
              plain=True, written=partial(rotated_first, 8, 4)),
    Converted("minimax_m2"),
    Converted("ministral3"),
    Converted("mixtral"),
    Converted("mpt", converter={"attn_config": {"clip_qkv": 0.7, "alibi": True, "alibi_bias_max": 8}}, architecture="MPTForCausalLM"),
    Converted("nemotron_h", {"hybrid_override_pattern": "M-*", "num_hidden_layers": 3, "time_step_min": NEVER}
              | dict.fromkeys(("num_experts_per_tok", "n_routed_experts", "n_group", "topk_group", "routed_scaling_factor"), NEVER),
              "nemotron_h-dense", D_HEAD, raw=True),
    Converted("nemotron_h", {"hybrid_override_pattern": "M*E", "num_hidden_layers": 3, "time_step_min": NEVER, "n_group": 1,
                             "topk_group": 1}, "nemotron_h-experts", D_HEAD),
    Converted("nemotron_h-latent", {"hybrid_override_pattern": NEVER, "layers_block_type": ["mamba", "moe"], "mamba_dt_min": NEVER},
              converter=D_HEAD),
    Converted("olmo"),
    Converted("olmo3"),
    Converted("olmoe", {"clip_qkv": NEVER}),
    Converted("paddleocr_vl"),
    Converted("phi"),
    Converted("phimoe", {"router_jitter_noise": NEVER}, converter={"original_max_position_embeddings": 64},
              architecture="PhiMoEForCausalLM"),
    Converted("qwen2_vl"),
    Converted("qwen3_5_moe_text"),
    Converted("qwen3_5_text"),
    Converted("qwen3_next"),
    Converted("qwen3_vl"),
    Converted("qwen3_vl_moe-inputs-first"),
    Converted("seed_oss"),
    Converted("solar_open", {"partial_rotary_factor": 1.0}),
    Converted("youtu"),
]
