package dev.stratalens.engine.architecture.family.dense;

import dev.stratalens.engine.architecture.ArchitectureBuilder;
import dev.stratalens.engine.architecture.family.key.Reading;
import dev.stratalens.engine.architecture.family.key.Windows;
import dev.stratalens.engine.architecture.mixer.Attention;
import dev.stratalens.engine.architecture.rope.RopeParameters;
import dev.stratalens.engine.architecture.rope.RopeScaling;
import dev.stratalens.engine.architecture.weight.Slot;
import dev.stratalens.engine.checkpoint.HfConfig;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Mistral and Qwen: Llama with windows of keys. */
public final class MistralFamilies {

    public static final Map<String, Function<HfConfig, ArchitectureBuilder>> ROWS = Map.of(
            "ministral", MistralFamilies::mistral,
            "ministral3", MistralFamilies::ministral3,
            "mistral", MistralFamilies::mistral,
            "qwen2", MistralFamilies::qwen2,
            "qwen3", MistralFamilies::qwen3);

    private static final int WINDOW = 4096;

    private MistralFamilies() {}

    static ArchitectureBuilder mistral(HfConfig config) {
        return LlamaFamilies.base(config)
                .keyValueHeadsByDefault(8)
                .window(Windows.of(config, Windows.size(config, WINDOW), block -> true));
    }

    /** Scaled by default; queries grow with their position. */
    private static ArchitectureBuilder ministral3(HfConfig config) {
        Optional<HfConfig> rope = config.object("rope_parameters").or(() -> config.object("rope_scaling"));
        double growth =
                rope.map(object -> object.number("llama_4_scaling_beta", 0)).orElse(0.1);
        int span = rope.map(object -> object.integer("original_max_position_embeddings", 16_384))
                .orElse(16_384);
        ArchitectureBuilder builder = LlamaFamilies.base(config)
                .keyValueHeadsByDefault(8)
                .headSizeByDefault(128)
                .epsilonByDefault(1e-5)
                .rotary(
                        rope.isPresent()
                                ? Reading.theta(config, 1_000_000)
                                : new RopeParameters(1_000_000, 1, new RopeScaling.Yarn(16, 32, 1, true, 16_384, 1)))
                .window(Windows.everywhere(config));
        return growth == 0 ? builder : builder.growth(new Attention.Growth(growth, span, 0));
    }

    public static ArchitectureBuilder qwen2(HfConfig config) {
        return windowedFromSomeBlockOn(config).bias(true, Slot.QUERY_KEY_VALUE);
    }

    public static ArchitectureBuilder qwen3(HfConfig config) {
        ArchitectureBuilder builder = windowedFromSomeBlockOn(config);
        builder.headSizeByDefault(128);
        return builder.attentionBiasByDefault(false).with(LlamaFamilies::normedHeads);
    }

    /** The window counts only if it is switched on. */
    private static ArchitectureBuilder windowedFromSomeBlockOn(HfConfig config) {
        int size = Windows.switchedOn(config, WINDOW);
        int first = config.integerOrZero("max_window_layers", 28);
        return LlamaFamilies.base(config)
                .keyValueHeadsByDefault(32)
                .window(Windows.of(config, size, block -> block >= first));
    }
}
