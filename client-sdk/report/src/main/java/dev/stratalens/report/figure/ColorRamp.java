package dev.stratalens.report.figure;

import java.util.List;

/**
 * Colors between 0 and 1 that work with any kind of color vision: lightness grows evenly, and two sides are blue and
 * orange.
 */
public enum ColorRamp {
    /** From dark blue over gray to yellow; on a light page from nearly white over yellow to dark blue. */
    SEQUENTIAL(
            List.of(0x00224E, 0x34446C, 0x626570, 0x928D77, 0xC8B866, 0xFEE838),
            List.of(0xFBFAF5, 0xF7E7A0, 0xDECD78, 0xB2AA80, 0x4B5A80, 0x00224E)),
    /** From blue over white to orange; the middle is 0.5. */
    DIVERGING(List.of(0x0B4F8A, 0x4F93C8, 0xB5D3EA, 0xF5F5F2, 0xF6CF9F, 0xE08A2E, 0x9C4A00)),
    /** Two colors: below 0.5 and from there on. */
    TWO_COLORS(List.of(0x34446C, 0xF0D84A), List.of(0xF7E7A0, 0x34446C));

    /** Luminance with equal contrast to black and to white: 4.6. */
    private static final double LIGHT = 0.179;

    @SuppressWarnings("ImmutableEnumChecker") // made by List.of
    private final List<Integer> onDark;

    @SuppressWarnings("ImmutableEnumChecker") // made by List.of
    private final List<Integer> onPaper;

    ColorRamp(List<Integer> onBoth) {
        this(onBoth, onBoth);
    }

    ColorRamp(List<Integer> onDark, List<Integer> onPaper) {
        this.onDark = onDark;
        this.onPaper = onPaper;
    }

    /**
     * The color at a place, as {@code 0xRRGGBB}.
     *
     * @param theme the page around it: high values are bright on a dark page, dark on a light page
     * @param position 0 .. 1; values beyond take the end
     */
    public int rgb(Theme theme, double position) {
        List<Integer> stops = stops(theme);
        double place = Math.min(1, Math.max(0, position));
        if (this == TWO_COLORS) {
            return stops.get(place < 0.5 ? 0 : 1);
        }
        int below = Math.min((int) (place * (stops.size() - 1)), stops.size() - 2);
        double part = place * (stops.size() - 1) - below;
        int rgb = 0;
        for (int shift = 16; shift >= 0; shift -= 8) {
            double channel =
                    (stops.get(below) >> shift & 0xFF) * (1 - part) + (stops.get(below + 1) >> shift & 0xFF) * part;
            rgb |= (int) Math.round(channel) << shift;
        }
        return rgb;
    }

    /** Number of evenly spaced colors that define the ramp. */
    int stopCount(Theme theme) {
        return stops(theme).size();
    }

    private List<Integer> stops(Theme theme) {
        return theme == Theme.DARK ? onDark : onPaper;
    }

    /** Whether the color at a place is light and takes dark text. */
    public boolean isLight(Theme theme, double position) {
        int rgb = rgb(theme, position);
        return luminance(rgb >> 16) * 0.2126 + luminance(rgb >> 8) * 0.7152 + luminance(rgb) * 0.0722 > LIGHT;
    }

    /** Luminance of a channel, by the curve of sRGB. */
    private static double luminance(int channel) {
        double value = (channel & 0xFF) / 255.0;
        return value <= 0.04045 ? value / 12.92 : Math.pow((value + 0.055) / 1.055, 2.4);
    }
}
