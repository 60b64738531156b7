package dev.stratalens.server.config;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Whole numbers with a unit: {@code 512MiB}, {@code 30s}, {@code 75%}. */
public final class Quantities {

    private static final Pattern QUANTITY = Pattern.compile("(\\d{1,18}) ?([A-Za-z]*)");
    private static final Pattern SHARE = Pattern.compile("([1-9]\\d?|100) ?%");
    private static final Map<String, Long> BYTES = Map.of(
            "",
            1L,
            "B",
            1L,
            "kB",
            1_000L,
            "MB",
            1_000_000L,
            "GB",
            1_000_000_000L,
            "KiB",
            1L << 10,
            "MiB",
            1L << 20,
            "GiB",
            1L << 30,
            "TiB",
            1L << 40);
    private static final Map<String, Long> MILLISECONDS = Map.of("ms", 1L, "s", 1_000L, "m", 60_000L, "h", 3_600_000L);

    private Quantities() {}

    static Optional<Long> bytes(String text) {
        return quantity(text, BYTES);
    }

    /** Empty for another form, and for an unknown unit. */
    public static Optional<Duration> duration(String text) {
        return quantity(text, MILLISECONDS).map(Duration::ofMillis);
    }

    /** Of a whole, such as {@code 75%}. */
    static Optional<Long> share(String text, LongSupplier whole) {
        Matcher matcher = SHARE.matcher(text);
        return matcher.matches()
                ? Optional.of(whole.getAsLong() / 100 * Integer.parseInt(matcher.group(1)))
                : Optional.empty();
    }

    /** Empty for another form, an unknown unit, and what no long can hold. */
    private static Optional<Long> quantity(String text, Map<String, Long> units) {
        Matcher matcher = QUANTITY.matcher(text);
        if (!matcher.matches() || !units.containsKey(matcher.group(2))) {
            return Optional.empty();
        }
        long unit = units.get(matcher.group(2));
        long number = Long.parseLong(matcher.group(1));
        return number <= Long.MAX_VALUE / unit ? Optional.of(number * unit) : Optional.empty();
    }
}
