package dev.stratalens.cli.report;

import java.util.Locale;
import java.util.OptionalDouble;

/** Numbers as short texts. */
final class Figures {

    private Figures() {}

    /** A probability in three characters: {@code .07}; {@code 1.0} from .995 on. */
    static String probability(double probability) {
        long hundredths = Math.round(100 * probability);
        return hundredths >= 100 ? "1.0" : ".%02d".formatted(hundredths);
    }

    /** Nats with two decimals, or a dash where there are none. */
    static String nats(OptionalDouble value) {
        return value.isEmpty() ? "-" : String.format(Locale.ROOT, "%.2f", value.getAsDouble());
    }

    /** Milliseconds without decimals. */
    static String milliseconds(double value) {
        return String.format(Locale.ROOT, "%.0f ms", value);
    }
}
