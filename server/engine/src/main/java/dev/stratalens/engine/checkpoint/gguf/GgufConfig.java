package dev.stratalens.engine.checkpoint.gguf;

import com.google.gson.JsonObject;
import dev.stratalens.engine.checkpoint.HfConfig;
import java.util.Set;

/** Converts a GGUF file's keys back to the {@code config.json} of the original model. */
final class GgufConfig {

    /** Keys that change the computation; a family that does not read one of them is refused. */
    private static final Set<String> MEANINGFUL = Set.of(
            "attention.sliding_window",
            "attention.scale",
            "attention.clamp_kqv",
            "attention.max_alibi_bias",
            "attention.key_length_mla",
            "expert_count",
            "leading_dense_block_count",
            "logit_scale",
            "residual_scale",
            "embedding_scale",
            "attn_logit_softcapping",
            "final_logit_softcapping");

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
                    }
                }));
        new GgufRope(facts, config).add();
        return HfConfig.parse(config.toString());
    }

    private void refuseWhatIsNotRead() {
        for (String key : MEANINGFUL) {
            if (!family.keys().containsKey(key) && facts.number(key).orElse(0.0) != 0) {
                throw facts.invalid(
                        key,
                        "is not supported for this architecture, and the result would be wrong without it."
                                + " Use the model's original safetensors");
            }
        }
        facts.count("block_count");
        facts.count("context_length");
    }

    private void copy(String stored, String key) {
        Object value = facts.metadata().values().get(facts.prefix() + stored);
        if (value instanceof Long) {
            config.addProperty(key, facts.integer(stored).orElseThrow());
        } else if (value != null) {
            config.addProperty(key, decimal(facts.number(stored).orElseThrow()));
        }
    }

    /** The shortest decimal of a float32: 1e-5, not the exact value of the float32. */
    static double decimal(double stored) {
        return (float) stored == stored ? Double.parseDouble(Float.toString((float) stored)) : stored;
    }
}
