package dev.stratalens.client.model;

import com.google.auto.value.AutoValue;
import java.util.OptionalInt;

/** The model that answered, as every result repeats it. */
@AutoValue
public abstract class ModelInfo {

    ModelInfo() {}

    /** Starts a model that has only a name and a number of blocks. */
    public static Builder builder(String name, int layers) {
        return new AutoValue_ModelInfo.Builder()
                .name(name)
                .layers(layers)
                .architecture("")
                .storedType("")
                .computeType("")
                .revision("");
    }

    /** Name, as served. */
    public abstract String name();

    /** Family, {@code model_type} of its configuration, for example {@code "llama"}; empty if not known. */
    public abstract String architecture();

    /** Number of blocks, L. */
    public abstract int layers();

    /** Width of the residual stream; empty if not known. */
    public abstract OptionalInt hiddenSize();

    /** Rows of the unembedding, V; may exceed the tokenizer's vocabulary; empty if not known. */
    public abstract OptionalInt vocabularySize();

    /**
     * Format of the weights in the files: {@code float32}, {@code float16}, {@code bfloat16}, {@code mixed},
     * {@code unknown} where a newer server has another one, or empty if it did not say.
     */
    public abstract String storedType();

    /** Format of the arithmetic, likewise. */
    public abstract String computeType();

    /** Commit of the checkpoint; empty if not known. */
    public abstract String revision();

    /** Collects the values; each method sets what {@link ModelInfo} has under its name. Not thread-safe. */
    @AutoValue.Builder
    public abstract static class Builder {
        Builder() {}

        abstract Builder name(String name);

        abstract Builder layers(int blocks);

        public abstract Builder architecture(String family);

        public abstract Builder hiddenSize(int width);

        public abstract Builder vocabularySize(int rows);

        public abstract Builder storedType(String format);

        public abstract Builder computeType(String format);

        public abstract Builder revision(String commit);

        public abstract ModelInfo build();
    }
}
