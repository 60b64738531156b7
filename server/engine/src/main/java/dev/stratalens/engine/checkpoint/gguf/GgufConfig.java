package dev.stratalens.engine.checkpoint.gguf;

import com.google.gson.JsonArray;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import dev.stratalens.engine.checkpoint.HfConfig;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Converts a GGUF file's keys back to the {@code config.json} of the original model. */
final class GgufConfig {

    /** The blocks with a window: every n-th block has none, or a flag for each. */
    static final String PATTERN = "attention.sliding_window_pattern";

    /** Keys of every architecture that are read here, say what the tensors say, or do not change the computation. */
    private static final Set<String> KNOWN = Set.of(
            "attention.head_count",
            "attention.head_count_kv",
            "attention.key_length",
            "attention.layer_norm_epsilon",
            "attention.layer_norm_rms_epsilon",
            "attention.value_length",
            "block_count",
            "context_length",
            "embedding_length",
            "expert_feed_forward_length",
            "expert_shared_feed_forward_length",
            "feed_forward_length",
            "pooling_type",
            "rope.dimension_count",
            "rope.freq_base",
            "rope.scale_linear",
            "rope.scaling.attn_factor",
            "rope.scaling.factor",
            "rope.scaling.finetuned",
            "rope.scaling.original_context_length",
            "rope.scaling.type",
            "rope.scaling.yarn_beta_fast",
            "rope.scaling.yarn_beta_slow",
            "tensor_data_layout",
            "use_parallel_residual",
            "vocab_size");

    /** Values of other keys that are the same as no key. */
    private static final Map<String, Set<Object>> USUAL = Map.of(
            "attention.causal", Set.of(true),
            "embedding_scale", Set.of(1.0),
            "expert_gating_func", Set.of(1L),
            "expert_weights_norm", Set.of(true),
            "expert_weights_scale", Set.of(1.0),
            "logit_scale", Set.of(1.0),
            "residual_scale", Set.of(1.0),
            "rope.scaling.yarn_attn_factor", Set.of(1.0),
            "rope.scaling.yarn_ext_factor", Set.of(1.0));

    private static final Set<Object> NOTHING = Set.of(0L, 0.0, false, "");

    private final GgufFacts facts;
    private final GgufFamily family;
    private final JsonObject config = new JsonObject();

    GgufConfig(GgufFacts facts, GgufFamily family) {
        this.facts = facts;
        this.family = family;
    }

    HfConfig write() {
        refuseWhatIsNotRead();
        config.addProperty("model_type", family.modelType());
        config.addProperty("tie_word_embeddings", !facts.has("output.weight"));
        config.addProperty("num_key_value_heads", facts.keyValueHeads());
        config.addProperty("head_dim", facts.headSize());
        // The rows of the embedding determine the size, as in all formats.
        facts.extent("token_embd.weight", 0).ifPresent(rows -> config.addProperty("vocab_size", rows));
        facts.integer("rope.dimension_count")
                .ifPresent(rotated -> config.addProperty("partial_rotary_factor", (double) rotated / facts.headSize()));
        family.keys().forEach(this::copy);
        family.derived()
                .forEach((key, fact) -> fact.apply(facts).ifPresent(value -> {
                    if (value instanceof Boolean flag) {
                        config.addProperty(key, flag);
                    } else if (value instanceof Number number) {
                        config.addProperty(key, number);
                    } else if (value instanceof JsonNull none) {
                        config.add(key, none);
                    }
                }));
        new GgufRope(facts, config).add();
        return HfConfig.parse(config.toString());
    }

    private void refuseWhatIsNotRead() {
        for (String stored : new TreeSet<>(facts.metadata().keys())) {
            String key = stored.startsWith(facts.prefix())
                    ? stored.substring(facts.prefix().length())
                    : "";
            Object value = facts.metadata().values().get(stored);
            if (!key.isEmpty()
                    && !KNOWN.contains(key)
                    && !family.keys().containsKey(key)
                    && !NOTHING.contains(value)
                    && !USUAL.getOrDefault(key, Set.of()).contains(value)) {
                throw facts.invalid(
                        key,
                        "is not supported for this architecture, and the result could be wrong without it."
                                + " Use the model's original safetensors");
            }
        }
        int valueLength = facts.integer("attention.value_length").orElse(facts.headSize());
        if (valueLength != facts.headSize()) {
            throw facts.invalid(
                    "attention.value_length",
                    "is %d; allowed: the size of keys, %d. Use the model's original safetensors"
                            .formatted(valueLength, facts.headSize()));
        }
        facts.count("block_count");
        facts.count("context_length");
    }

    private void copy(String stored, String key) {
        Object value = facts.metadata().values().get(facts.prefix() + stored);
        if (value instanceof List<?> && stored.equals(PATTERN)) {
            config.add("layer_types", layerTypes());
        } else if (value instanceof Long) {
            config.addProperty(key, facts.integer(stored).orElseThrow());
        } else if (value != null) {
            config.addProperty(key, decimal(facts.number(stored).orElseThrow()));
        }
    }

    /** Files have flags where the blocks with a window follow no simple rule. */
    private JsonArray layerTypes() {
        JsonArray types = new JsonArray();
        facts.metadata()
                .flags(facts.prefix() + PATTERN)
                .orElseThrow()
                .forEach(windowed -> types.add(windowed ? "sliding_attention" : "full_attention"));
        return types;
    }

    /** The shortest decimal of a float32: 1e-5, not the exact value of the float32. */
    static double decimal(double stored) {
        return (float) stored == stored ? Double.parseDouble(Float.toString((float) stored)) : stored;
    }
}
