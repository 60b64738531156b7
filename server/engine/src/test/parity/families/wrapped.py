"""Text models inside models that see: prompts are text, and the parts that see are in the file but not read."""

from .small import Case, Family, llama_like

TEXT = Family(blocks="model.language_model.layers", final_norm="model.language_model.norm", caps_logits=False)
SMOL = Family(blocks="model.text_model.layers", final_norm="model.text_model.norm")

SIGLIP = {"hidden_size": 4, "image_size": 4, "intermediate_size": 4, "num_attention_heads": 1, "num_hidden_layers": 1,
          "patch_size": 4, "model_type": "siglip_vision_model"}
SMALL_EYE = {key: value for key, value in SIGLIP.items() if key != "model_type"}
QWEN = {"depth": 1, "num_heads": 1, "patch_size": 2, "in_channels": 1, "spatial_merge_size": 1, "temporal_patch_size": 1}


def seeing(model_type: str, text: dict, vision: dict, **keys: object) -> dict:
    return {"model_type": model_type, "text_config": text, "vision_config": vision, "tie_word_embeddings": False} | keys


def old_names(tensors):
    """The names of the first files: the prefix is the other way round, and the head is inside."""
    return {("language_model." + name if name.startswith("lm_head.") else
             name.replace("model.language_model.", "language_model.model.") if "language_model." in name else
             name.removeprefix("model.")): tensor for name, tensor in tensors.items()}


CASES = [
    Case("llava", "Llama inside, under the names of the first files.",
         TEXT, seeing("llava", llama_like("llama"), SIGLIP), file_tensors=old_names),
    Case("llava-mistral", "Mistral with a window inside, under new names.",
         TEXT, seeing("llava", llama_like("mistral", sliding_window=4), SIGLIP)),
    Case("llava_next", "Qwen 2 inside.", TEXT, seeing("llava_next", llama_like("qwen2"), SIGLIP)),
    Case("llava_onevision", "Qwen 2 inside.", TEXT, seeing("llava_onevision", llama_like("qwen2"), SIGLIP)),
    Case("aya_vision", "Cohere 2 inside, whose logits are not scaled there.",
         TEXT, seeing("aya_vision", llama_like("cohere2", ("rms_norm_eps",), logit_scale=0.5, sliding_window=4,
                                               tie_word_embeddings=True), SIGLIP) | {"tie_word_embeddings": True}),
    Case("mistral3", "Ministral 3 inside, whose queries grow.",
         TEXT, seeing("mistral3", llama_like("ministral3", head_dim=8, rope_parameters={
             "rope_type": "yarn", "rope_theta": 1000.0, "factor": 4.0, "original_max_position_embeddings": 5,
             "llama_4_scaling_beta": 0.5}), {"model_type": "pixtral", "hidden_size": 8, "head_dim": 8, "image_size": 4,
                                             "intermediate_size": 4, "num_attention_heads": 1, "num_hidden_layers": 1,
                                             "num_channels": 1, "patch_size": 4})),
    Case("internvl", "Qwen 3 inside.",
         TEXT, seeing("internvl", llama_like("qwen3", head_dim=8), SMALL_EYE | {
             "model_type": "internvl_vision", "image_size": [4, 4], "patch_size": [4, 4], "num_channels": 1})),
    Case("idefics3", "Llama inside.", SMOL, seeing("idefics3", llama_like("llama"), SMALL_EYE | {"model_type": "idefics3_vision"},
                                                  scale_factor=1)),
    Case("smolvlm", "Llama inside; tied.",
         SMOL, seeing("smolvlm", llama_like("llama", tie_word_embeddings=True), SMALL_EYE | {"model_type": "smolvlm_vision"},
                      scale_factor=1, tie_word_embeddings=True)),
    Case("qwen2_vl", "Keys of the text model at the top, as in the first files; positions of three kinds, equal in a text.",
         TEXT, llama_like("qwen2_vl", rope_scaling={"type": "mrope", "mrope_section": [1, 1, 2]},
                          vision_config=QWEN | {"embed_dim": 8, "hidden_size": 24, "mlp_ratio": 1}),
         file_tensors=lambda tensors: {
             name.replace("model.language_model.", "model.").replace("model.visual.", "visual."): tensor
             for name, tensor in tensors.items()}),
    Case("qwen2_5_vl", "A configuration of its own for the text model.",
         TEXT, seeing("qwen2_5_vl", llama_like("qwen2_5_vl_text", rope_theta=100.0, rope_scaling={
             "rope_type": "default", "mrope_section": [1, 1, 2]}),
                      QWEN | {"hidden_size": 8, "out_hidden_size": 24, "intermediate_size": 4, "window_size": 4,
                              "fullatt_block_indexes": [0]})),
    Case("qwen3_vl", "Norms on heads; the base of the class.",
         TEXT, seeing("qwen3_vl", llama_like("qwen3_vl_text", head_dim=8),
                      QWEN | {"hidden_size": 8, "out_hidden_size": 24, "intermediate_size": 4,
                              "num_position_embeddings": 4, "deepstack_visual_indexes": [0]})),
]
