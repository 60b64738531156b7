package dev.stratalens.engine.checkpoint.gguf.family;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import dev.stratalens.engine.checkpoint.HfConfig;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** Converts a GGUF file's keys back to the {@code config.json} of the original model. */
final class GgufConfig {

    /** The blocks with a window: every n-th block has none, or a flag for each. */
    static final String PATTERN = "attention.sliding_window_pattern";

    private static final String VALUE_LENGTH = "attention.value_length";

    /** Keys of every architecture that are read here, say what the tensors say, or do not change the computation. */
    private static final Set<String> KNOWN = Set.of(
            "attention.head_count",
            "attention.head_count_kv",
            "attention.key_length",
            "attention.layer_norm_epsilon",
            "attention.layer_norm_rms_epsilon",
            VALUE_LENGTH,
            "block_count",
            "context_length",
            "embedding_length",
            "expert_feed_forward_length",
            "expert_shared_feed_forward_length",
            "feed_forward_length",
            "nextn_predict_layers",
            "pooling_type",
            "rope.dimension_count",
            "rope.freq_base",
            "rope.scale_linear",
            "rope.scaling.attn_factor",
            "rope.scaling.factor",
            "rope.scaling.finetuned",
            "rope.scaling.original_context_length",
            "rope.scaling.type",
            "rope.scaling.yarn_attn_factor",
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
            "expert_group_count", Set.of(1L),
            "expert_group_used_count", Set.of(1L),
            "expert_weights_norm", Set.of(true),
            "expert_weights_scale", Set.of(1.0),
            "logit_scale", Set.of(1.0),
            "residual_scale", Set.of(1.0),
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
        config.addProperty("num_hidden_layers", facts.blocks());
        config.addProperty("tie_word_embeddings", !facts.has("output.weight"));
        if (facts.attends()) {
            config.addProperty("num_key_value_heads", facts.keyValueHeads());
            config.addProperty("head_dim", facts.headSize());
            double rotated = facts.integer("rope.dimension_count").orElse(facts.headSize());
            config.addProperty("partial_rotary_factor", rotated / facts.headSize());
        }
        // The rows of the embedding determine the size, as in all formats.
        facts.extent("token_embd.weight", 0).ifPresent(rows -> config.addProperty("vocab_size", rows));
        family.keys().forEach(this::copy);
        family.derived().forEach((key, fact) -> fact.apply(facts).ifPresent(value -> config.add(key, json(value))));
        if (!config.has("rope_parameters")) {
            config.add("rope_scaling", new GgufRope(facts).scaling());
        }
        return HfConfig.parse(config.toString());
    }

    private static JsonElement json(Object value) {
        if (value instanceof JsonElement element) {
            return element;
        } else if (value instanceof Boolean flag) {
            return new JsonPrimitive(flag);
        }
        return value instanceof Number number ? new JsonPrimitive(number) : new JsonPrimitive(value.toString());
    }

    private void refuseWhatIsNotRead() {
        for (var entry : new TreeMap<>(facts.metadata().values()).entrySet()) {
            String stored = entry.getKey();
            String key = stored.startsWith(facts.prefix())
                    ? stored.substring(facts.prefix().length())
                    : "";
            Object value = entry.getValue();
            if (!key.isEmpty() && !isKnown(key) && !NOTHING.contains(value) && !accepts(key, value)) {
                throw facts.invalid(
                        key,
                        "is not supported for this architecture, and the result could be wrong without it."
                                + " Use the model's original safetensors");
            }
        }
        int valueLength = facts.attends() ? facts.integer(VALUE_LENGTH).orElse(facts.headSize()) : 0;
        if (facts.attends() && !family.accepted().containsKey(VALUE_LENGTH) && valueLength != facts.headSize()) {
            throw facts.invalid(
                    VALUE_LENGTH,
                    "is %d; allowed: the size of keys, %d. Use the model's original safetensors"
                            .formatted(valueLength, facts.headSize()));
        }
        facts.count("block_count");
        facts.count("context_length");
    }

    private boolean isKnown(String key) {
        return KNOWN.contains(key) || family.keys().containsKey(key);
    }

    private boolean accepts(String key, Object value) {
        Optional<Set<Object>> own = Optional.ofNullable(family.accepted().get(key));
        return own.map(values -> values.isEmpty() || values.contains(value))
                .orElseGet(() -> USUAL.getOrDefault(key, Set.of()).contains(value));
    }

    private void copy(String stored, String key) {
        Object value = facts.metadata().values().get(facts.prefix() + stored);
        if (value instanceof List<?> && stored.equals(PATTERN)) {
            config.add(
                    "layer_types",
                    kinds(facts.flagsOfBlocks(PATTERN).orElseThrow(), "sliding_attention", "full_attention"));
        } else if (value instanceof List<?>) {
            JsonArray numbers = new JsonArray();
            facts.ofBlocks(stored).forEach(numbers::add);
            config.add(key, numbers);
        } else if (value instanceof Long) {
            config.addProperty(key, facts.integer(stored).orElseThrow());
        } else if (value instanceof Boolean flag) {
            config.addProperty(key, flag);
        } else if (value != null) {
            config.addProperty(key, decimal(facts.number(stored).orElseThrow()));
        }
    }

    /** A kind for each block. */
    static JsonArray kinds(List<Boolean> flags, String ifTrue, String ifFalse) {
        JsonArray kinds = new JsonArray();
        flags.forEach(flag -> kinds.add(flag ? ifTrue : ifFalse));
        return kinds;
    }

    static JsonArray numbers(IntStream numbers) {
        JsonArray array = new JsonArray();
        numbers.forEach(array::add);
        return array;
    }

    /** Flags that are false for the first block of every n. */
    static List<Boolean> everyButFirstOf(int n, GgufFacts facts) {
        return IntStream.range(0, facts.blocks())
                .mapToObj(block -> block % n != 0)
                .toList();
    }

    /** The shortest decimal of a float32: 1e-5, not the exact value of the float32. */
    static double decimal(double stored) {
        return (float) stored == stored ? Double.parseDouble(Float.toString((float) stored)) : stored;
    }
}
