package dev.stratalens.report.figure;

import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A length on paper or on a screen, with 96 pixels per inch.
 *
 * @param value above 0
 * @param unit of the value
 */
public record Length(double value, Unit unit) {

    /** Units as CSS has them. */
    public enum Unit {
        /** Pixels. */
        PX(1),
        /** Points, 72 per inch. */
        PT(96 / 72.0),
        /** Millimeters. */
        MM(96 / 25.4),
        /** Centimeters. */
        CM(96 / 2.54),
        /** Inches. */
        IN(96);

        private final double pixels;

        Unit(double pixels) {
            this.pixels = pixels;
        }

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private static final Pattern TEXT = Pattern.compile("([0-9]{1,6}(?:\\.[0-9]{1,3})?) ?([a-z]{2})?");

    /** Checks that the value is above 0 and finite. */
    public Length {
        Objects.requireNonNull(unit, "unit");
        if (!(value > 0 && value < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(
                    "a length of " + value + " " + unit + " is not possible; give more than 0");
        }
    }

    /** Pixels. */
    public static Length pixels(double value) {
        return new Length(value, Unit.PX);
    }

    /**
     * Reads {@code 600} (pixels), {@code 600px}, {@code 8pt}, {@code 180mm}, {@code 18cm} or {@code 7in}.
     *
     * @throws IllegalArgumentException if the text is not a length; the message gives the allowed forms
     */
    public static Length parse(String text) {
        Matcher matcher = TEXT.matcher(text.strip().toLowerCase(Locale.ROOT));
        if (matcher.matches()) {
            String name = matcher.group(2) == null ? "px" : matcher.group(2);
            for (Unit unit : Unit.values()) {
                if (unit.toString().equals(name)) {
                    return new Length(Double.parseDouble(matcher.group(1)), unit);
                }
            }
        }
        String units = Arrays.stream(Unit.values()).map(Unit::toString).collect(Collectors.joining(", "));
        throw new IllegalArgumentException(
                "\"%s\" is not a length; give a number with one of %s, for example 180mm".formatted(text, units));
    }

    /** In pixels. */
    public double toPixels() {
        return value * unit.pixels;
    }

    /** As {@link #parse} reads it. */
    @Override
    public String toString() {
        return NumberText.plain(value) + unit;
    }
}
