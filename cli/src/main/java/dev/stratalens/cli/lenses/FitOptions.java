package dev.stratalens.cli.lenses;

import dev.stratalens.cli.failure.CliException;
import dev.stratalens.engine.checkpoint.StoredType;
import dev.stratalens.engine.lens.fit.FitKind;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How a lens is fitted. */
final class FitOptions {

    /** Values of {@code --kind}. */
    enum Kind {
        TUNED,
        JACOBIAN;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Values of {@code --stored}. */
    enum Stored {
        FLOAT32(StoredType.F32),
        FLOAT16(StoredType.F16);

        private final StoredType type;

        Stored(StoredType type) {
            this.type = type;
        }

        StoredType type() {
            return type;
        }

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @Option(
            names = "--kind",
            paramLabel = "KIND",
            required = true,
            description =
                    "tuned: maps whose lens is close to the model's output. jacobian: mean derivatives of the last"
                            + " block's output.")
    Kind kind = Kind.TUNED;

    @Option(names = "--steps", paramLabel = "N", description = "Tuned: steps of gradient descent (default: 250).")
    @Nullable
    Integer steps;

    @Option(
            names = "--tokens-per-step",
            paramLabel = "N",
            description = "Tuned: fewest tokens of a step (default: 2048; published lenses took 262144).")
    @Nullable
    Integer tokensPerStep;

    @Option(
            names = "--rate",
            paramLabel = "X",
            description = "Tuned: factor of the learning rate (default: 1, as published).")
    @Nullable
    Double rate;

    @Option(names = "--prompts", paramLabel = "N", description = "Jacobian: sequences to take at most (default: 1000).")
    @Nullable
    Integer prompts;

    @Option(
            names = "--fewest-prompts",
            paramLabel = "N",
            description = "Jacobian: sequences to take at least (default: 100).")
    @Nullable
    Integer fewestPrompts;

    @Option(
            names = "--tolerance",
            paramLabel = "X",
            description = "Jacobian: end when ten sequences move the mean by less than this share each, on average"
                    + " (default: 0.002).")
    @Nullable
    Double tolerance;

    @Option(
            names = "--skip-first",
            paramLabel = "N",
            description = "Jacobian: first positions of a sequence to leave out (default: 16).")
    @Nullable
    Integer skipFirst;

    /** The kind with its settings. */
    FitKind kind() {
        if (kind == Kind.TUNED) {
            refuse("--prompts", prompts);
            refuse("--fewest-prompts", fewestPrompts);
            refuse("--tolerance", tolerance);
            refuse("--skip-first", skipFirst);
        } else {
            refuse("--steps", steps);
            refuse("--tokens-per-step", tokensPerStep);
            refuse("--rate", rate);
        }
        return kind == Kind.TUNED
                ? new FitKind.Tuned(
                        atLeast(1, "--steps", steps, 250),
                        atLeast(1, "--tokens-per-step", tokensPerStep, 2048),
                        positive("--rate", rate, 1))
                : new FitKind.Jacobian(
                        atLeast(1, "--prompts", prompts, 1000),
                        atLeast(1, "--fewest-prompts", fewestPrompts, 100),
                        positive("--tolerance", tolerance, 0.002),
                        atLeast(0, "--skip-first", skipFirst, 16));
    }

    private void refuse(String option, @Nullable Number given) {
        if (given != null) {
            throw CliException.usage("%s is not an option of --kind %s. Leave it out.".formatted(option, kind));
        }
    }

    static int atLeast(int least, String option, @Nullable Integer given, int otherwise) {
        int value = given == null ? otherwise : given;
        if (value < least) {
            throw CliException.usage("%s %d: %d or more is allowed.".formatted(option, value, least));
        }
        return value;
    }

    private static double positive(String option, @Nullable Double given, double otherwise) {
        double value = given == null ? otherwise : given;
        if (!(value > 0) || Double.isInfinite(value)) {
            throw CliException.usage("%s %s: a number above 0 is allowed.".formatted(option, value));
        }
        return value;
    }
}
