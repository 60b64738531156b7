package dev.stratalens.client.model;

import com.google.auto.value.AutoValue;
import dev.stratalens.client.LensClient;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Collectors;

/** What is known of a model once it is loaded. */
@AutoValue
public abstract class ModelFacts {

    ModelFacts() {}

    /** Starts the facts of a model, with as few special features as a model can have. */
    public static Builder builder(ModelInfo info) {
        return new AutoValue_ModelFacts.Builder()
                .info(info)
                .contextLength(0)
                .parameterCount(0)
                .placements(List.of())
                .headDevices(List.of())
                .finalNorm(FinalNorm.UNKNOWN)
                .tiedHead(false)
                .headBias(false)
                .hasChatTemplate(false)
                .weightsFingerprint("")
                .tokenizerDigest("")
                .lenses(List.of());
    }

    /** What results repeat. */
    public abstract ModelInfo info();

    /** Longest prompt, in tokens. */
    public abstract int contextLength();

    /** Parameters in the checkpoint. */
    public abstract long parameterCount();

    /** Where its blocks lie, in order of depth. */
    public abstract List<Placement> placements();

    /** Where lenses read, the device of the model's own output first; empty where the server does not say. */
    public abstract List<String> headDevices();

    /** Norm before the unembedding. */
    public abstract FinalNorm finalNorm();

    /** Whether the unembedding is the embedding matrix. */
    public abstract boolean tiedHead();

    /** Factor on the logits, where the family has one. */
    public abstract OptionalDouble logitScale();

    /** Whether the unembedding has a bias. */
    public abstract boolean headBias();

    /** c of {@code c * tanh(logits / c)}, where the family has one. */
    public abstract OptionalDouble logitSoftcap();

    /** Whether the model has a template for chats; see {@link LensClient#renderChat}. */
    public abstract boolean hasChatTemplate();

    /** Tells the weights from others: a hash of the tensors and of some bytes of each; empty if the server does not say. */
    public abstract String weightsFingerprint();

    /** SHA-256 of the tokenizer's definition, in hexadecimal; empty if the server does not say, or there is none. */
    public abstract String tokenizerDigest();

    /** How the format of the arithmetic was chosen, in words; empty where the operator set it. */
    public abstract Optional<String> computeTypeReason();

    /** Fitted lenses; for requests, by {@code Lens.transport} and their name. None where a result tells of its model. */
    public abstract List<LensInfo> lenses();

    /** The devices that compute, each once, in order of depth, separated by commas. */
    public final String device() {
        return placements().stream().map(Placement::device).distinct().collect(Collectors.joining(", "));
    }

    /** Kinds of the norm before the unembedding. */
    public enum FinalNorm {
        /** A kind that this client does not know. */
        UNKNOWN,
        /** The family has none. */
        NONE,
        /** LayerNorm. */
        LAYER_NORM,
        /** RMSNorm. */
        RMS_NORM
    }

    /** Collects the values; each method sets what {@link ModelFacts} has under its name. Not thread-safe. */
    @AutoValue.Builder
    public abstract static class Builder {
        Builder() {}

        abstract Builder info(ModelInfo info);

        public abstract Builder contextLength(int tokens);

        public abstract Builder parameterCount(long parameters);

        public abstract Builder placements(List<Placement> placements);

        abstract List<Placement> placements();

        public abstract Builder headDevices(List<String> devices);

        abstract List<String> headDevices();

        public abstract Builder finalNorm(FinalNorm kind);

        public abstract Builder tiedHead(boolean tied);

        public abstract Builder logitScale(OptionalDouble factor);

        public abstract Builder headBias(boolean present);

        public abstract Builder logitSoftcap(OptionalDouble bound);

        public abstract Builder hasChatTemplate(boolean present);

        public abstract Builder weightsFingerprint(String hash);

        public abstract Builder tokenizerDigest(String hash);

        public abstract Builder computeTypeReason(Optional<String> reason);

        public abstract Builder lenses(List<LensInfo> lenses);

        abstract List<LensInfo> lenses();

        abstract ModelFacts autoBuild();

        public final ModelFacts build() {
            return placements(List.copyOf(placements()))
                    .headDevices(List.copyOf(headDevices()))
                    .lenses(List.copyOf(lenses()))
                    .autoBuild();
        }
    }
}
