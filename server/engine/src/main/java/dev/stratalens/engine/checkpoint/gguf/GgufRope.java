package dev.stratalens.engine.checkpoint.gguf;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.stratalens.engine.checkpoint.StoredBytes;
import java.util.Optional;
import java.util.Set;

/** The scaling of rotary frequencies in a GGUF file: keys, or tensors with a factor for each frequency. */
record GgufRope(GgufFacts facts, JsonObject config) {

    /** Llama 3's factor for each frequency. */
    static final String FACTORS = "rope_freqs.weight";

    /** Phi-3's factors, for prompts beyond the context of the pre-training, and within it. */
    static final String LONG_FACTORS = "rope_factors_long.weight";

    static final String SHORT_FACTORS = "rope_factors_short.weight";

    /** Tensors that are configuration, not weights. */
    static final Set<String> TENSORS = Set.of(FACTORS, LONG_FACTORS, SHORT_FACTORS);

    /** Beginning of the keys of gpt-oss, whose YaRN does not round its bounds; no key says so. */
    private static final String UNROUNDED = "gpt-oss.";

    private static final double LOW = 1;
    private static final double HIGH = 4;
    private static final int ORIGINAL = 8192;
    private static final double TOLERANCE = 1e-4;

    /** Adds {@code rope_scaling} to the configuration, even without a scaling: some classes scale by default. */
    void add() {
        scaling("default");
        String type =
                facts.metadata().string(facts.prefix() + "rope.scaling.type").orElse("linear");
        Optional<Double> factor = facts.number("rope.scaling.factor").or(() -> facts.number("rope.scale_linear"));
        if (facts.has(LONG_FACTORS)) {
            addLongRope();
        } else if (facts.has(FACTORS)) {
            addLlama3();
        } else if (type.equals("yarn")) {
            addYarn(factor.orElseThrow(() -> facts.missing("rope.scaling.factor")));
        } else if (type.equals("linear")
                && factor.filter(some -> some != 0 && some != 1).isPresent()) {
            scaling(type).addProperty("factor", GgufConfig.decimal(factor.orElseThrow()));
        } else if (!type.equals("none") && !type.equals("linear") && !type.equals("longrope")) {
            throw facts.invalid(
                    "rope.scaling.type", "is \"%s\"; allowed: none, linear, yarn, longrope".formatted(type));
        }
    }

    /** In GGUF, the magnitude of YaRN multiplies the usual one; in transformers, it replaces it. */
    private void addYarn(double factor) {
        JsonObject scaling = scaling("yarn");
        scaling.addProperty("factor", GgufConfig.decimal(factor));
        facts.integer("rope.scaling.original_context_length")
                .ifPresent(original -> scaling.addProperty("original_max_position_embeddings", original));
        facts.number("rope.scaling.yarn_beta_fast")
                .ifPresent(beta -> scaling.addProperty("beta_fast", GgufConfig.decimal(beta)));
        facts.number("rope.scaling.yarn_beta_slow")
                .ifPresent(beta -> scaling.addProperty("beta_slow", GgufConfig.decimal(beta)));
        if (facts.prefix().equals(UNROUNDED)) {
            scaling.addProperty("truncate", false);
        }
        facts.number("rope.scaling.attn_factor")
                .filter(magnitude -> magnitude != 1)
                .ifPresent(magnitude ->
                        scaling.addProperty("attention_factor", magnitude * (1 + 0.1 * Math.log(Math.max(1, factor)))));
    }

    private void addLongRope() {
        JsonObject scaling = scaling("longrope");
        scaling.add("long_factor", array(values(LONG_FACTORS)));
        scaling.add("short_factor", array(values(SHORT_FACTORS)));
        facts.integer("rope.scaling.original_context_length")
                .ifPresent(original -> config.addProperty("original_max_position_embeddings", original));
        facts.number("rope.scaling.attn_factor")
                .ifPresent(magnitude -> scaling.addProperty("attention_factor", GgufConfig.decimal(magnitude)));
    }

    /** Accepts only the factors of Llama 3's formula with its constants. */
    private void addLlama3() {
        float[] factors = values(FACTORS);
        double theta = config.has("rope_theta") ? config.get("rope_theta").getAsDouble() : 10_000;
        double largest = 1;
        for (float factor : factors) {
            largest = Math.max(largest, factor);
        }
        for (int i = 0; i < factors.length; i++) {
            double wavelength = 2 * Math.PI * Math.pow(theta, (double) i / factors.length);
            double kept = Math.min(Math.max((ORIGINAL / wavelength - LOW) / (HIGH - LOW), 0), 1);
            double expected = 1 / ((1 - kept) / largest + kept);
            if (!(Math.abs(factors[i] - expected) <= TOLERANCE * expected)) {
                throw facts.metadata()
                        .invalid(
                                FACTORS,
                                "has factors that differ from those of Llama 3. Use the model's original safetensors");
            }
        }
        if (largest > 1) {
            JsonObject scaling = scaling("llama3");
            scaling.addProperty("factor", largest);
            scaling.addProperty("low_freq_factor", LOW);
            scaling.addProperty("high_freq_factor", HIGH);
            scaling.addProperty("original_max_position_embeddings", ORIGINAL);
        }
    }

    private JsonObject scaling(String type) {
        JsonObject scaling = new JsonObject();
        scaling.addProperty("rope_type", type);
        config.add("rope_scaling", scaling);
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
