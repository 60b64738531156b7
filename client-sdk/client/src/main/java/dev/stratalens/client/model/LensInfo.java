package dev.stratalens.client.model;

import com.google.auto.value.AutoValue;
import java.util.List;

/** A fitted lens that a server has for a model. What its file does not say is empty or 0. */
@AutoValue
public abstract class LensInfo {

    LensInfo() {}

    /** Starts the facts of a lens. */
    public static Builder builder(String name) {
        return new AutoValue_LensInfo.Builder()
                .name(name)
                .residual(false)
                .hasEmbedding(false)
                .layers(List.of())
                .fittedBy("")
                .fittedFor("")
                .revision("")
                .promptCount(0)
                .skippedPositions(0)
                .memoryBytes(0)
                .fingerprint("")
                .warnings(List.of());
    }

    /** Name, for {@code Lens.transport}. */
    public abstract String name();

    /** Whether a map is {@code h + A h + b}, as of a tuned lens; else it is {@code A h + b}, as of a Jacobian lens. */
    public abstract boolean residual();

    /** Whether there is a map for the embedding. */
    public abstract boolean hasEmbedding();

    /** Blocks with a map for their output, ascending. */
    public abstract List<Integer> layers();

    /** Program whose form the file has. */
    public abstract String fittedBy();

    /** Model that the lens was fitted for, as its file names it. */
    public abstract String fittedFor();

    /** Revision of that model. */
    public abstract String revision();

    /** Number of prompts that the lens was fitted on. */
    public abstract long promptCount();

    /** Positions at the beginning of each prompt that were left out when the lens was fitted. */
    public abstract long skippedPositions();

    /** Size of the maps in memory, in bytes. */
    public abstract long memoryBytes();

    /** What readers of its numbers should know, as sentences. */
    public abstract List<String> warnings();

    /** Tells its maps from others: a hash of the tensors and of some bytes of each. */
    public abstract String fingerprint();

    /** Collects the facts; each method sets what {@link LensInfo} has under its name. Not thread-safe. */
    @AutoValue.Builder
    public abstract static class Builder {
        Builder() {}

        abstract Builder name(String name);

        public abstract Builder residual(boolean residual);

        public abstract Builder hasEmbedding(boolean present);

        public abstract Builder layers(List<Integer> ascending);

        public abstract Builder fittedBy(String program);

        public abstract Builder fittedFor(String model);

        public abstract Builder revision(String revision);

        public abstract Builder promptCount(long prompts);

        public abstract Builder skippedPositions(long positions);

        public abstract Builder memoryBytes(long bytes);

        public abstract Builder warnings(List<String> sentences);

        public abstract Builder fingerprint(String hash);

        abstract List<Integer> layers();

        abstract List<String> warnings();

        abstract LensInfo autoBuild();

        public final LensInfo build() {
            return layers(List.copyOf(layers()))
                    .warnings(List.copyOf(warnings()))
                    .autoBuild();
        }
    }
}
