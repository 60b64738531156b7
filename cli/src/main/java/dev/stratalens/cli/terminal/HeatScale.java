package dev.stratalens.cli.terminal;

import dev.stratalens.report.figure.ColorRamp;
import dev.stratalens.report.figure.Theme;

/** Paints text on a background that says how large a number is, with the colors of figures or the nearest there are. */
public final class HeatScale {

    /** Much the same in xterm's cube, whose grays would hide the steps: blue, teal, green, yellow. */
    private static final int[] CUBE = {17, 24, 30, 72, 113, 185, 227};

    private static final int[] CUBE_DIVERGING = {25, 74, 153, 231, 223, 172, 130};

    private static final int[] CUBE_TWO_COLORS = {60, 221};

    /** Of the sixteen: blue, cyan, green, bright yellow. */
    private static final String[] BACKGROUNDS_16 = {"97;44", "30;46", "30;42", "30;103"};

    /** Blue, cyan, white, yellow, red. */
    private static final String[] BACKGROUNDS_16_DIVERGING = {"97;44", "30;46", "30;107", "30;43", "97;41"};

    private static final String[] BACKGROUNDS_16_TWO_COLORS = {"97;44", "30;103"};

    private static final String RESET = "\033[0m";

    private final ColorDepth depth;

    /** A scale for a terminal. */
    public HeatScale(ColorDepth depth) {
        this.depth = depth;
    }

    /**
     * The text on its background, or behind a block character where there are no colors.
     *
     * @param position 0 .. 1 on the ramp, or NaN for text that carries no number
     */
    public String paint(String text, ColorRamp ramp, double position) {
        if (depth == ColorDepth.PLAIN) {
            return text;
        }
        if (Double.isNaN(position)) {
            return depth == ColorDepth.SHADES ? " " + text : text;
        }
        return paintWithin(text, ramp, Math.min(1, Math.max(0, position)));
    }

    private String paintWithin(String text, ColorRamp ramp, double position) {
        return switch (depth) {
            case PLAIN -> text;
            case SHADES -> shade(ramp, position) + text;
            case COLORS_16 -> background16(ramp, position) + text + RESET;
            case COLORS_256 ->
                foreground(ramp, position, "38;5;16", "38;5;231") + "48;5;" + cube(ramp, position) + "m" + text + RESET;
            case TRUE_COLOR -> {
                int rgb = ramp.rgb(Theme.DARK, position);
                yield foreground(ramp, position, "38;2;0;0;0", "38;2;255;255;255")
                        + "48;2;%d;%d;%dm".formatted(rgb >> 16, rgb >> 8 & 0xFF, rgb & 0xFF)
                        + text
                        + RESET;
            }
        };
    }

    /** Whether numbers can be seen as colors or shades. */
    public boolean hasShades() {
        return depth != ColorDepth.PLAIN;
    }

    /** Columns that {@link #paint} adds to a text. */
    public int extraWidth() {
        return depth == ColorDepth.SHADES ? 1 : 0;
    }

    /** Text in a weak color: notes beside the numbers. */
    public String faint(String text) {
        return switch (depth) {
            case PLAIN, SHADES -> text;
            default -> "\033[2m" + text + RESET;
        };
    }

    /** Text that stands out: headings. */
    public String bold(String text) {
        return switch (depth) {
            case PLAIN, SHADES -> text;
            default -> "\033[1m" + text + RESET;
        };
    }

    private static String foreground(ColorRamp ramp, double position, String dark, String light) {
        return "\033[" + (ramp.isLight(Theme.DARK, position) ? dark : light) + ";";
    }

    /** Two sides of a middle look alike here: the numbers have signs. */
    private static char shade(ColorRamp ramp, double position) {
        double level = ramp == ColorRamp.DIVERGING ? Math.abs(2 * position - 1) : position;
        return " ░▒▓█".charAt((int) Math.round(4 * level));
    }

    private static int cube(ColorRamp ramp, double position) {
        int[] cube = switch (ramp) {
            case SEQUENTIAL -> CUBE;
            case DIVERGING -> CUBE_DIVERGING;
            case TWO_COLORS -> CUBE_TWO_COLORS;
        };
        return cube[(int) Math.round(position * (cube.length - 1))];
    }

    private static String background16(ColorRamp ramp, double position) {
        String[] backgrounds = switch (ramp) {
            case SEQUENTIAL -> BACKGROUNDS_16;
            case DIVERGING -> BACKGROUNDS_16_DIVERGING;
            case TWO_COLORS -> BACKGROUNDS_16_TWO_COLORS;
        };
        int index = Math.min((int) (position * backgrounds.length), backgrounds.length - 1);
        return "\033[" + backgrounds[index] + "m";
    }
}
