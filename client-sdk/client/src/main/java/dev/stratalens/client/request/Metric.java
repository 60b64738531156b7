package dev.stratalens.client.request;

import com.google.auto.value.AutoValue;
import java.util.OptionalInt;

/** A number about the model's own output at one position. */
@AutoValue
public abstract class Metric {

    Metric() {}

    /** Which number. More kinds may be added: keep a branch for others. */
    public sealed interface Kind {}

    /** The logit of a token, after the softcap if the family has one. */
    public record Logit(LensTarget token) implements Kind {

        /** Checks the token. */
        public Logit {
            requireSame(token);
        }
    }

    /** The log-probability of a token. */
    public record LogProbability(LensTarget token) implements Kind {

        /** Checks the token. */
        public LogProbability {
            requireSame(token);
        }
    }

    /** The logit of one token minus that of another. */
    public record LogitDifference(LensTarget token, LensTarget other) implements Kind {

        /** Checks the tokens. */
        public LogitDifference {
            requireSame(token);
            requireSame(other);
        }
    }

    /** KL(output of the unchanged pass || output of the changed pass), in nats. */
    public record KlFromUnchanged() implements Kind {}

    /** Which number. */
    public abstract Kind kind();

    /** Position of the prompt; negative ones count from the end; empty = the last. */
    public abstract OptionalInt position();

    /** The logit of a token at the last position. */
    public static Metric logit(LensTarget token) {
        return new AutoValue_Metric(new Logit(token), OptionalInt.empty());
    }

    /** The log-probability of a token at the last position. */
    public static Metric logProbability(LensTarget token) {
        return new AutoValue_Metric(new LogProbability(token), OptionalInt.empty());
    }

    /** The logit of a token minus that of another at the last position. */
    public static Metric logitDifference(LensTarget token, LensTarget other) {
        return new AutoValue_Metric(new LogitDifference(token, other), OptionalInt.empty());
    }

    /** How far the output moves at the last position. */
    public static Metric klFromUnchanged() {
        return new AutoValue_Metric(new KlFromUnchanged(), OptionalInt.empty());
    }

    /** The same at another position. */
    public final Metric at(int otherPosition) {
        return new AutoValue_Metric(kind(), OptionalInt.of(otherPosition));
    }

    private static void requireSame(LensTarget token) {
        if (token.dependsOnPosition()) {
            throw new IllegalArgumentException("a metric needs a token that is the same at every position");
        }
    }
}
