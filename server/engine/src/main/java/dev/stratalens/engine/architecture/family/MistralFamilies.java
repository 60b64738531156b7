package dev.stratalens.engine.architecture.family;

import dev.stratalens.engine.architecture.ArchitectureBuilder;
import dev.stratalens.engine.checkpoint.HfConfig;
import java.util.Map;
import java.util.function.Function;

/** Mistral and Qwen: Llama with windows of keys. */
final class MistralFamilies {

    static final Map<String, Function<HfConfig, ArchitectureBuilder>> ROWS = Map.of(
            "ministral", MistralFamilies::mistral,
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

    static ArchitectureBuilder qwen2(HfConfig config) {
        return windowedFromSomeBlockOn(config).bias(true, LlamaFamilies.QUERY_KEY_VALUE);
    }

    static ArchitectureBuilder qwen3(HfConfig config) {
        ArchitectureBuilder builder = windowedFromSomeBlockOn(config);
        builder.headSizeByDefault(128);
        return LlamaFamilies.normedHeads(LlamaFamilies.attentionBias(builder, false));
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
