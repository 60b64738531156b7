package dev.stratalens.engine.architecture.family;

import dev.stratalens.engine.architecture.ArchitectureBuilder;
import dev.stratalens.engine.architecture.HeadForm;
import dev.stratalens.engine.architecture.NormKind;
import dev.stratalens.engine.architecture.rope.RopeParameters;
import dev.stratalens.engine.checkpoint.HfConfig;
import java.util.Map;
import java.util.function.Function;

/** Text models inside models that see. The parts that see are known by name, and left out: prompts are text. */
final class WrappedFamilies {

    static final Map<String, Function<HfConfig, ArchitectureBuilder>> ROWS = Map.ofEntries(
            Map.entry("aya_vision", WrappedFamilies::seeing),
            Map.entry("idefics3", WrappedFamilies::seeing),
            Map.entry("internvl", WrappedFamilies::seeing),
            Map.entry("llava", WrappedFamilies::seeing),
            Map.entry("llava_next", WrappedFamilies::seeing),
            Map.entry("llava_onevision", WrappedFamilies::seeing),
            Map.entry("mistral3", WrappedFamilies::seeing),
            Map.entry("qwen2_5_vl", WrappedFamilies::qwen2),
            Map.entry("qwen2_vl", WrappedFamilies::qwen2),
            Map.entry("qwen3_vl", WrappedFamilies::qwen3),
            Map.entry("smolvlm", WrappedFamilies::seeing));

    /** Class defaults that the first files of LLaVA leave out. */
    private static final Map<String, Map<String, Integer>> SIZES = Map.of(
            "llama", sizes(11_008),
            "mistral", sizes(14_336));

    private WrappedFamilies() {}

    private static Map<String, Integer> sizes(int inner) {
        return Map.of(
                "hidden_size", 4096,
                "intermediate_size", inner,
                "num_hidden_layers", 32,
                "num_attention_heads", 32,
                "vocab_size", 32_000);
    }

    /**
     * Any family inside; its own type is in the configuration of the text model. The forward pass of these models leaves
     * out the factor and the softcap on the logits.
     */
    private static ArchitectureBuilder seeing(HfConfig config) {
        String inner = config.outer().has("text_config") ? config.string("model_type") : "none";
        if (ROWS.containsKey(inner) || inner.equals("none")) {
            throw config.outer().invalid("text_config", inner, "the configuration of a text model");
        }
        ArchitectureBuilder text =
                Architectures.row(inner).apply(config.withDefaults(SIZES.getOrDefault(inner, Map.of())));
        return named(text).head(HeadForm.USUAL);
    }

    /** With text alone, positions count tokens, as in any other model. */
    private static ArchitectureBuilder qwen2(HfConfig config) {
        return named(MistralFamilies.qwen2(config)
                .keyValueHeadsByDefault(8)
                .norm(NormKind.RMS_NORM, config.number("rms_norm_eps", 1e-5))
                .rotary(RopeParameters.of(config, RopeParameters.Defaults.theta(1_000_000))));
    }

    private static ArchitectureBuilder qwen3(HfConfig config) {
        return named(MistralFamilies.qwen3(config)
                .rotary(RopeParameters.of(config, RopeParameters.Defaults.theta(500_000))));
    }

    /** The names of old and new files. */
    private static ArchitectureBuilder named(ArchitectureBuilder builder) {
        return builder.prefixes(
                        "model.language_model.",
                        "language_model.model.",
                        "model.text_model.",
                        "language_model.",
                        "model.")
                .ignore("(visual|vision_tower|vision_model|multi_modal_projector|connector)\\..*")
                .ignore("image_newline");
    }
}
