package dev.stratalens.bench.shape;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/** Models whose speed people compare, and hybrids of the same size. */
public enum ModelShape {
    SMOLLM2_135M(WeightType.BFLOAT16),
    GPT2_SMALL(WeightType.FLOAT32),
    /** As large as SmolLM2, with the delta rule in three of four blocks. */
    HYBRID_DELTA_135M(WeightType.BFLOAT16),
    /** As large as SmolLM2, with Mamba-2 in three of four blocks. */
    HYBRID_MAMBA2_135M(WeightType.BFLOAT16);

    private final WeightType published;

    ModelShape(WeightType published) {
        this.published = published;
    }

    /** The type in which the real one is published. */
    public WeightType published() {
        return published;
    }

    /** Its {@code config.json}. */
    JsonObject config() {
        try (InputStream in = ModelShape.class.getResourceAsStream(this + ".json")) {
            if (in == null) {
                throw new IllegalStateException(this + ".json is missing from the class path; build the project again");
            }
            return JsonParser.parseReader(new InputStreamReader(in, StandardCharsets.UTF_8))
                    .getAsJsonObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The tensors of a checkpoint of this family, in the order of its file. */
    static List<RandomTensor> tensors(JsonObject config) {
        return switch (config.get("model_type").getAsString()) {
            case "gpt2" -> Gpt2Tensors.of(config);
            case "qwen3_5_text" -> HybridTensors.ofQwen(config);
            case "bamba" -> HybridTensors.ofBamba(config);
            default -> LlamaTensors.of(config);
        };
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
