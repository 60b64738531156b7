package dev.stratalens.engine.checkpoint.gguf.family;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.stratalens.engine.checkpoint.StoredBytes;
import dev.stratalens.engine.checkpoint.gguf.GgufTensor;
import dev.stratalens.engine.checkpoint.gguf.GgufType;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The rotary embedding in a GGUF file: keys, or tensors with a factor for each frequency. */
record GgufRope(GgufFacts facts) {

    static final String THETA = "rope.freq_base";
    static final String THETA_OF_WINDOWS = "rope.freq_base_swa";

    /** The logarithm in YaRN's factor on scores, times this. */
    static final String LOG_MULTIPLIER = "rope.scaling.yarn_log_multiplier";

    /** Llama 3's factor for each frequency; in Gemma 4, a huge one for what does not turn. */
    private static final String FACTORS = "rope_freqs.weight";

    /** Phi-3's factors, for prompts beyond the context of the pre-training, and within it. */
    private static final String LONG_FACTORS = "rope_factors_long.weight";

    private static final String SHORT_FACTORS = "rope_factors_short.weight";

    /** Tensors that are configuration, not weights. */
    static final Set<String> TENSORS = Set.of(FACTORS, LONG_FACTORS, SHORT_FACTORS);

    /** Beginning of the keys of gpt-oss, whose YaRN does not round its bounds; no key says so. */
    private static final String UNROUNDED = "gpt-oss.";

    private static final String TYPE = "rope_type";
    private static final double LOW = 1;

    /** Those of Llama 3, and of Llama 4. */
    private static final List<Double> HIGHS = List.of(4.0, 1.0);

    private static final int ORIGINAL = 8192;
    private static final double TOLERANCE = 1e-4;

    /** The object {@code rope_scaling} of the configuration, even without a scaling: some classes scale by default. */
    JsonObject scaling() {
        String type =
                facts.metadata().string(facts.prefix() + "rope.scaling.type").orElse("linear");
        Optional<Double> factor = facts.number("rope.scaling.factor").or(() -> facts.number("rope.scale_linear"));
        if (facts.has(LONG_FACTORS)) {
            return longRope();
        } else if (facts.has(FACTORS)) {
            return llama3();
        } else if (type.equals("yarn")) {
            return yarn(factor.orElseThrow(() -> facts.missing("rope.scaling.factor")));
        } else if (type.equals("linear")
                && factor.filter(some -> some != 0 && some != 1).isPresent()) {
            JsonObject scaling = scaling(type);
            scaling.addProperty("factor", GgufConfig.decimal(factor.orElseThrow()));
            return scaling;
        } else if (!type.equals("none") && !type.equals("linear") && !type.equals("longrope")) {
            throw facts.invalid(
                    "rope.scaling.type", "is \"%s\"; allowed: none, linear, yarn, longrope".formatted(type));
        }
        return scaling("default");
    }

    /** The object {@code rope_parameters} of a model whose blocks with a window rotate by another base, without scaling. */
    static Optional<JsonObject> byKind(GgufFacts facts) {
        GgufRope rope = new GgufRope(facts);
        JsonObject full = rope.scaling();
        full.addProperty("rope_theta", rope.theta(THETA));
        full.addProperty("partial_rotary_factor", rope.share("rope.dimension_count", facts.headSize()));
        JsonObject sliding = scaling("default");
        sliding.addProperty("rope_theta", rope.theta(facts.hasKey(THETA_OF_WINDOWS) ? THETA_OF_WINDOWS : THETA));
        sliding.addProperty(
                "partial_rotary_factor",
                facts.hasKey("rope.dimension_count_swa")
                        ? rope.share("rope.dimension_count_swa", facts.headSize())
                        : rope.share("rope.dimension_count", facts.headSize()));
        return Optional.of(kinds(full, sliding));
    }

    /** The same of Gemma 4, where most pairs of blocks without a window do not turn. */
    static Optional<JsonObject> proportional(GgufFacts facts) {
        GgufRope rope = new GgufRope(facts);
        JsonObject full = scaling("proportional");
        full.addProperty("rope_theta", rope.theta(THETA));
        full.addProperty("partial_rotary_factor", facts.has(FACTORS) ? rope.turning() : 1);
        JsonObject sliding = scaling("default");
        sliding.addProperty("rope_theta", rope.theta(THETA_OF_WINDOWS));
        return Optional.of(kinds(full, sliding));
    }

    private static JsonObject kinds(JsonObject full, JsonObject sliding) {
        JsonObject kinds = new JsonObject();
        kinds.add("full_attention", full);
        kinds.add("sliding_attention", sliding);
        return kinds;
    }

    private double theta(String key) {
        return GgufConfig.decimal(facts.number(key).orElse(10_000.0));
    }

    private double share(String key, int size) {
        return facts.integer(key).map(rotated -> (double) rotated / size).orElse(1.0);
    }

    /** The share of the frequencies that have no huge factor. */
    private double turning() {
        float[] factors = values(FACTORS);
        int turning = 0;
        while (turning < factors.length && factors[turning] == 1) {
            turning++;
        }
        for (int i = turning; i < factors.length; i++) {
            if (factors[i] < 1e20) {
                throw facts.metadata()
                        .invalid(FACTORS, "has factors between 1 and 1e30. Use the model's original safetensors");
            }
        }
        return (double) turning / factors.length;
    }

    /** In GGUF, the magnitude of YaRN multiplies the usual one; in transformers, it replaces it. */
    private JsonObject yarn(double factor) {
        JsonObject scaling = scaling("yarn");
        scaling.addProperty("factor", GgufConfig.decimal(factor));
        facts.integer("rope.scaling.original_context_length")
                .ifPresent(original -> scaling.addProperty("original_max_position_embeddings", original));
        copy(scaling, "rope.scaling.yarn_beta_fast", "beta_fast");
        copy(scaling, "rope.scaling.yarn_beta_slow", "beta_slow");
        if (facts.prefix().equals(UNROUNDED)) {
            scaling.addProperty("truncate", false);
        }
        facts.number("rope.scaling.attn_factor")
                .filter(magnitude -> magnitude != 1)
                .ifPresent(magnitude ->
                        scaling.addProperty("attention_factor", magnitude * (1 + 0.1 * Math.log(Math.max(1, factor)))));
        copy(scaling, "rope.scaling.yarn_attn_factor", "attention_factor");
        return scaling;
    }

    private void copy(JsonObject scaling, String stored, String key) {
        facts.number(stored).ifPresent(number -> scaling.addProperty(key, GgufConfig.decimal(number)));
    }

    private JsonObject longRope() {
        JsonObject scaling = scaling("longrope");
        scaling.add("long_factor", array(values(LONG_FACTORS)));
        scaling.add("short_factor", array(values(SHORT_FACTORS)));
        facts.integer("rope.scaling.original_context_length")
                .ifPresent(original -> scaling.addProperty("original_max_position_embeddings", original));
        copy(scaling, "rope.scaling.attn_factor", "attention_factor");
        return scaling;
    }

    /** Accepts only the factors of Llama 3's formula with its constants. */
    private JsonObject llama3() {
        float[] factors = values(FACTORS);
        double largest = 1;
        for (float factor : factors) {
            largest = Math.max(largest, factor);
        }
        double whole = largest;
        double high = HIGHS.stream()
                .filter(some -> agrees(factors, whole, some))
                .findFirst()
                .orElseThrow(() -> facts.metadata()
                        .invalid(
                                FACTORS,
                                "has factors that differ from those of Llama 3. Use the model's original safetensors"));
        JsonObject scaling = scaling(largest > 1 ? "llama3" : "default");
        if (largest > 1) {
            scaling.addProperty("factor", largest);
            scaling.addProperty("low_freq_factor", LOW);
            scaling.addProperty("high_freq_factor", high);
            scaling.addProperty("original_max_position_embeddings", ORIGINAL);
        }
        return scaling;
    }

    private boolean agrees(float[] factors, double largest, double high) {
        double theta = theta(THETA);
        for (int i = 0; i < factors.length; i++) {
            double wavelength = 2 * Math.PI * Math.pow(theta, (double) i / factors.length);
            double turns = ORIGINAL / wavelength - LOW;
            double kept = high == LOW ? (turns > 0 ? 1 : 0) : Math.min(Math.max(turns / (high - LOW), 0), 1);
            double expected = 1 / ((1 - kept) / largest + kept);
            if (!(Math.abs(factors[i] - expected) <= TOLERANCE * expected)) {
                return false;
            }
        }
        return true;
    }

    private static JsonObject scaling(String type) {
        JsonObject scaling = new JsonObject();
        scaling.addProperty(TYPE, type);
        return scaling;
    }

    private float[] values(String name) {
        GgufTensor tensor = facts.file().tensors().get(name);
        if (tensor == null || tensor.type() != GgufType.F32 || tensor.elementCount() > ORIGINAL) {
            throw facts.metadata().invalid(name, "is not a list of F32 factors");
        }
        float[] values = new float[(int) tensor.elementCount()];
        try (StoredBytes files = new StoredBytes()) {
            tensor.decode(files, 0, values.length, values, 0);
        }
        return values;
    }

    private static JsonArray array(float[] values) {
        JsonArray array = new JsonArray();
        for (float value : values) {
            array.add(GgufConfig.decimal(value));
        }
        return array;
    }
}
