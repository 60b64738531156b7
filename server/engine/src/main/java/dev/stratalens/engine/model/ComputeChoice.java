package dev.stratalens.engine.model;

import dev.stratalens.engine.checkpoint.DataType;
import java.util.Locale;

/**
 * In which type a model computes, and why.
 *
 * @param type of the arithmetic
 * @param reason what decided
 * @param speedup how many times as fast bfloat16 was as float32; NaN where that was not measured
 */
public record ComputeChoice(DataType type, Reason reason, double speedup) {

    /** What decided. */
    public enum Reason {
        /** The configuration names the type. */
        PINNED("the configuration says so"),
        /** The weights are few: float32 is fast enough, and exact. */
        SMALL("the model is small"),
        /** The weights are not stored in bfloat16, all of them. */
        STORED("not all weights are stored in bfloat16"),
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

    /** For logs: the type and what decided. */
    @Override
    public String toString() {
        String measured = Double.isNaN(speedup)
                ? ""
                : String.format(Locale.ROOT, ": bfloat16 is %.2f times as fast as float32", speedup);
        return "%s (%s%s)".formatted(type.name().toLowerCase(Locale.ROOT), reason.words, measured);
    }
}
