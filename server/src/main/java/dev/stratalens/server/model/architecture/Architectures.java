package dev.stratalens.server.model.architecture;

import static dev.stratalens.server.model.architecture.Architecture.TOKEN_EMBEDDING;
import static dev.stratalens.server.model.architecture.Architecture.UNEMBEDDING;
import static dev.stratalens.server.model.architecture.WeightSource.matrix;
import static dev.stratalens.server.model.architecture.WeightSource.transposed;
import static dev.stratalens.server.model.architecture.WeightSource.vector;

import dev.stratalens.server.error.UnsupportedArchitectureException;
import dev.stratalens.server.model.architecture.Architecture.Sizes;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;

/** The table of families: the only place that names one. Facts are those of transformers' modelling code. */
public final class Architectures {

    private static final Map<String, Function<HfConfig, Architecture>> FAMILIES =
            new TreeMap<>(Map.of("gpt2", Architectures::gpt2, "llama", Architectures::llama));

    private Architectures() {}

    /** Values of {@code model_type} that can be loaded, in order. */
    public static List<String> supported() {
        return List.copyOf(FAMILIES.keySet());
    }

    /**
     * Reads a configuration.
     *
     * @throws UnsupportedArchitectureException if the family is not in the table
     * @throws dev.stratalens.server.error.InvalidCheckpointException if a key is missing or not understood
     */
    public static Architecture of(HfConfig config) {
        String modelType = config.modelType();
        Function<HfConfig, Architecture> family = FAMILIES.get(modelType);
        if (family == null) {
            throw new UnsupportedArchitectureException(modelType, supported());
        }
        return family.apply(config);
    }

    /** RMSNorm, rotary halves, grouped key-value heads, gated feed-forward; biases where the configuration says so. */
    private static Architecture llama(HfConfig config) {
        int hidden = config.integer("hidden_size");
        int heads = config.integer("num_attention_heads");
        int headSize = config.optionalInteger("head_dim").orElseGet(() -> quotient(config, hidden, heads));
        int keyValueHeads = config.integer("num_key_value_heads", heads);
        if (heads % keyValueHeads != 0) {
            throw config.invalid("num_key_value_heads", keyValueHeads, "a divisor of num_attention_heads, " + heads);
        }
        long queryWidth = (long) heads * headSize;
        long keyValueWidth = (long) keyValueHeads * headSize;
        int inner = config.integer("intermediate_size");
        int vocabulary = config.integer("vocab_size");
        boolean attentionBias = config.bool("attention_bias", false);
        boolean feedForwardBias = config.bool("mlp_bias", false);
        RopeParameters rotary = RopeParameters.of(config, RopeParameters.Defaults.USUAL);
        return new Architecture(
                "llama",
                new Sizes(
                        config.integer("num_hidden_layers"),
                        hidden,
                        heads,
                        headSize,
                        inner,
                        vocabulary,
                        config.integer("max_position_embeddings", 2048)),
                NormKind.RMS_NORM,
                config.number("rms_norm_eps", 1e-6),
                Activation.of(config, "hidden_act", "silu"),
                Optional.of(rotary),
                block -> 1 / Math.sqrt(headSize),
                "model.",
                Map.of(TOKEN_EMBEDDING, matrix("embed_tokens.weight", vocabulary, hidden)),
                block -> {
                    String layer = "layers." + block + ".";
                    String attention = layer + "self_attn.";
                    String feedForward = layer + "mlp.";
                    var slots = new HashMap<String, WeightSource>();
                    slots.put("attention_norm.weight", vector(layer + "input_layernorm.weight", hidden));
                    slots.put("feed_forward_norm.weight", vector(layer + "post_attention_layernorm.weight", hidden));
                    linear(slots, "query", attention + "q_proj", queryWidth, hidden, attentionBias);
                    linear(slots, "key", attention + "k_proj", keyValueWidth, hidden, attentionBias);
                    linear(slots, "value", attention + "v_proj", keyValueWidth, hidden, attentionBias);
                    linear(slots, "attention_output", attention + "o_proj", hidden, queryWidth, attentionBias);
                    linear(slots, "gate", feedForward + "gate_proj", inner, hidden, feedForwardBias);
                    linear(slots, "up", feedForward + "up_proj", inner, hidden, feedForwardBias);
                    linear(slots, "down", feedForward + "down_proj", hidden, inner, feedForwardBias);
                    return slots;
                },
                Map.of(
                        "final_norm.weight",
                        vector("norm.weight", hidden),
                        UNEMBEDDING,
                        unembedding(config, vocabulary, hidden, false)),
                List.of(Pattern.compile("layers\\.\\d+\\.self_attn\\.rotary_emb\\.inv_freq")));
    }

    /** LayerNorm with bias, learned positions, plain feed-forward; linear weights are stored [inputs, outputs]. */
    private static Architecture gpt2(HfConfig config) {
        int hidden = config.integer("hidden_size", 768);
        int heads = config.integer("num_attention_heads", 12);
        int headSize = quotient(config, hidden, heads);
        int inner = config.integer("intermediate_size", 4 * hidden);
        int vocabulary = config.integer("vocab_size", 50257);
        int context = config.integer("max_position_embeddings", 1024);
        double scale = config.bool("scale_attn_weights", true) ? 1 / Math.sqrt(headSize) : 1;
        boolean scaleByInverseLayer = config.bool("scale_attn_by_inverse_layer_idx", false);
        return new Architecture(
                "gpt2",
                new Sizes(config.integer("num_hidden_layers", 12), hidden, heads, headSize, inner, vocabulary, context),
                NormKind.LAYER_NORM,
                config.number("layer_norm_epsilon", 1e-5),
                Activation.of(config, "activation_function", "gelu_new"),
                Optional.empty(),
                block -> scaleByInverseLayer ? scale / (block + 1) : scale,
                "transformer.",
                Map.of(
                        TOKEN_EMBEDDING,
                        matrix("wte.weight", vocabulary, hidden),
                        "position_embedding.weight",
                        matrix("wpe.weight", context, hidden)),
                block -> {
                    String layer = "h." + block + ".";
                    var slots = new HashMap<String, WeightSource>();
                    norm(slots, "attention_norm", layer + "ln_1", hidden);
                    norm(slots, "feed_forward_norm", layer + "ln_2", hidden);
                    var fused = transposed(layer + "attn.c_attn.weight", 3L * hidden, hidden);
                    var fusedBias = vector(layer + "attn.c_attn.bias", 3L * hidden);
                    List<String> parts = List.of("query", "key", "value");
                    for (int i = 0; i < parts.size(); i++) {
                        slots.put(parts.get(i) + ".weight", fused.part(i, parts.size()));
                        slots.put(parts.get(i) + ".bias", fusedBias.part(i, parts.size()));
                    }
                    conv1d(slots, "attention_output", layer + "attn.c_proj", hidden, hidden);
                    conv1d(slots, "up", layer + "mlp.c_fc", inner, hidden);
                    conv1d(slots, "down", layer + "mlp.c_proj", hidden, inner);
                    return slots;
                },
                Map.of(
                        "final_norm.weight",
                        vector("ln_f.weight", hidden),
                        "final_norm.bias",
                        vector("ln_f.bias", hidden),
                        UNEMBEDDING,
                        unembedding(config, vocabulary, hidden, true)),
                List.of(Pattern.compile("h\\.\\d+\\.attn\\.(bias|masked_bias)")));
    }

    private static void linear(
            Map<String, WeightSource> slots, String slot, String name, long outputs, long inputs, boolean bias) {
        slots.put(slot + ".weight", matrix(name + ".weight", outputs, inputs));
        if (bias) {
            slots.put(slot + ".bias", vector(name + ".bias", outputs));
        }
    }

    private static void conv1d(Map<String, WeightSource> slots, String slot, String name, long outputs, long inputs) {
        slots.put(slot + ".weight", transposed(name + ".weight", outputs, inputs));
        slots.put(slot + ".bias", vector(name + ".bias", outputs));
    }

    private static void norm(Map<String, WeightSource> slots, String slot, String name, long size) {
        slots.put(slot + ".weight", vector(name + ".weight", size));
        slots.put(slot + ".bias", vector(name + ".bias", size));
    }

    /** A head that is stored is used even where the configuration ties it to the embedding, as transformers 5 does. */
    private static WeightSource unembedding(HfConfig config, long vocabulary, long hidden, boolean tiedByDefault) {
        WeightSource stored = matrix("lm_head.weight", vocabulary, hidden);
        return config.bool("tie_word_embeddings", tiedByDefault) ? stored.optional() : stored;
    }

    private static int quotient(HfConfig config, int hidden, int heads) {
        if (hidden % heads != 0) {
            throw config.invalid("num_attention_heads", heads, "a divisor of hidden_size, " + hidden);
        }
        return hidden / heads;
    }
}
