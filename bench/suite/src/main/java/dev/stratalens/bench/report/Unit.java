package dev.stratalens.bench.report;

import java.util.Locale;

/** Units of figures. JSON has them as they are; people read them scaled. */
public enum Unit {
    SECONDS,
    BYTES,
    RATIO,
    PER_SECOND,
    COUNT,
    /** Of two numbers that should be equal. */
    DIFFERENCE;

    /** A value for people: three digits and a scaled unit. */
    String show(double value) {
        return switch (this) {
            case SECONDS -> value < 1 ? digits(value * 1000) + " ms" : digits(value) + " s";
            case BYTES -> bytes(value);
            case RATIO -> String.format(Locale.ROOT, Math.abs(value) < 10 ? "%.3f" : "%.1f", value);
            case PER_SECOND -> digits(value) + "/s";
            case DIFFERENCE -> String.format(Locale.ROOT, "%.1e", value);
            case COUNT -> String.format(Locale.ROOT, "%.0f", value);
        };
    }

    private static String bytes(double value) {
        if (Math.abs(value) < 1e6) {
            return digits(value / 1e3) + " kB";
        }
        return Math.abs(value) < 1e9 ? digits(value / 1e6) + " MB" : digits(value / 1e9) + " GB";
    }

    private static String digits(double value) {
        double size = Math.abs(value);
        return String.format(Locale.ROOT, size < 1 ? "%.3f" : size < 10 ? "%.2f" : size < 100 ? "%.1f" : "%.0f", value);
    }
}
