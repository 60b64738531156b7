package dev.stratalens.engine.model;

import dev.stratalens.engine.checkpoint.DataType;
import java.util.Locale;

/**
 * The compute type of a model, and the reason.
 *
 * @param type the compute type
 * @param reason the reason for it
 * @param speedup speed of bfloat16 divided by that of float32; NaN if not measured
 */
public record ComputeChoice(DataType type, Reason reason, double speedup) {

    /** Reasons for a compute type. */
    public enum Reason {
        /** The configuration sets the type. */
        PINNED("the configuration says so"),
        /** The weights are few: float32 is fast enough, and exact. */
        SMALL("the model is small"),
        /** Not all weights are stored in bfloat16. */
        STORED("not all weights are stored in bfloat16"),
        /** The weights are stored in bfloat16 and lie on a card, where half the size counts. */
        CARD("it is on a card"),
        /** A product of the model's size was timed in both types. */
        MEASURED("measured on this machine");

        private final String words;

        Reason(String words) {
            this.words = words;
        }
    }

    static ComputeChoice unmeasured(DataType type, Reason reason) {
        return new ComputeChoice(type, reason, Double.NaN);
    }

    /** For logs: the type and the reason. */
    @Override
    public String toString() {
        String measured = Double.isNaN(speedup)
                ? ""
                : String.format(Locale.ROOT, ": bfloat16 is %.2f times as fast as float32", speedup);
        return "%s (%s%s)".formatted(type.name().toLowerCase(Locale.ROOT), reason.words, measured);
    }
}
