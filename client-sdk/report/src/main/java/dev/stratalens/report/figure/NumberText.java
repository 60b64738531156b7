package dev.stratalens.report.figure;

import java.util.Locale;

/** Numbers as short texts, the same in every locale. */
public final class NumberText {

    private NumberText() {}

    /** A probability in three characters: {@code .07}; {@code 1.0} from .995 on; a dash for NaN. */
    public static String probability(double probability) {
        if (Double.isNaN(probability)) {
            return "-";
        }
        long hundredths = Math.round(100 * probability);
        return hundredths >= 100 ? "1.0" : String.format(Locale.ROOT, ".%02d", hundredths);
    }

    /** With two decimals, or a dash for NaN. */
    public static String decimals(double value) {
        return Double.isNaN(value) ? "-" : withoutNegativeZero(String.format(Locale.ROOT, "%.2f", value));
    }

    /** With a sign and two decimals, or a dash for NaN. */
    public static String signed(double value) {
        if (Double.isNaN(value)) {
            return "-";
        }
        String text = String.format(Locale.ROOT, "%+.2f", value);
        return text.equals("-0.00") ? "+0.00" : text;
    }

    /** Without zeros at its end: {@code 0.5}, {@code 100}. */
    static String plain(double value) {
        return withoutNegativeZero(String.format(Locale.ROOT, "%.6f", value).replaceFirst("\\.?0+$", ""));
    }

    private static String withoutNegativeZero(String text) {
        return text.matches("-[0.]+") ? text.substring(1) : text;
    }
}
