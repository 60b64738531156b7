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

/** Models whose speed people compare. */
public enum ModelShape {
    SMOLLM2_135M(WeightType.BFLOAT16),
    GPT2_SMALL(WeightType.FLOAT32);

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
        return config.get("model_type").getAsString().equals("gpt2") ? Gpt2Tensors.of(config) : LlamaTensors.of(config);
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
