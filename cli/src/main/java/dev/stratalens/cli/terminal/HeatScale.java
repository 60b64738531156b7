package dev.stratalens.cli.terminal;

/**
 * Paints text on a background that says how large a number is: from dark blue over grey to yellow, whose lightness grows
 * evenly, so that it reads the same with any kind of colour vision.
 */
public final class HeatScale {

    /** The scale at 0, 1/5 .. 1. */
    private static final int[][] STOPS = {
        {0, 34, 78}, {52, 68, 108}, {98, 101, 112}, {146, 141, 119}, {200, 184, 102}, {254, 232, 56}
    };

    /** Much the same in xterm's cube, whose greys would hide the steps: blue, teal, green, yellow. */
    private static final int[] CUBE = {17, 24, 30, 72, 113, 185, 227};

    private static final String RESET = "\033[0m";

    /** From here on the background is light and takes dark text. */
    private static final double LIGHT = 0.5;

    private final ColorDepth depth;

    /** A scale for a terminal. */
    public HeatScale(ColorDepth depth) {
        this.depth = depth;
    }

    /**
     * The text on its background, or behind a block character where there are no colours.
     *
     * @param heat 0 .. 1, or NaN for text that carries no number
     */
    public String paint(String text, double heat) {
        if (depth == ColorDepth.PLAIN) {
            return text;
        }
        if (Double.isNaN(heat)) {
            return depth == ColorDepth.SHADES ? " " + text : text;
        }
        double level = Math.min(1, Math.max(0, heat));
        return switch (depth) {
            case PLAIN -> text;
            case SHADES -> " ░▒▓█".charAt((int) Math.round(4 * level)) + text;
            case COLORS_16 -> background16(level) + text + RESET;
            case COLORS_256 ->
                foreground(level, "38;5;16", "38;5;231") + "48;5;" + CUBE[(int) Math.round(level * (CUBE.length - 1))]
                        + "m" + text + RESET;
            case TRUE_COLOR -> {
                int[] rgb = rgb(level);
                yield foreground(level, "38;2;0;0;0", "38;2;255;255;255")
                        + "48;2;%d;%d;%dm".formatted(rgb[0], rgb[1], rgb[2])
                        + text
                        + RESET;
            }
        };
    }

    /** Columns that {@link #paint} adds to a text. */
    public int extraWidth() {
        return depth == ColorDepth.SHADES ? 1 : 0;
    }

    /** Text in a weak colour: notes beside the numbers. */
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

    private static String foreground(double level, String dark, String light) {
        return "\033[" + (level > LIGHT ? dark : light) + ";";
    }

    private static String background16(double level) {
        if (level < 0.25) {
            return "\033[97;44m";
        }
        if (level < 0.5) {
            return "\033[30;46m";
        }
        return level < 0.75 ? "\033[30;42m" : "\033[30;103m";
    }

    private static int[] rgb(double level) {
        int below = Math.min((int) (level * (STOPS.length - 1)), STOPS.length - 2);
        double part = level * (STOPS.length - 1) - below;
        int[] rgb = new int[3];
        for (int i = 0; i < 3; i++) {
            rgb[i] = (int) Math.round(STOPS[below][i] * (1 - part) + STOPS[below + 1][i] * part);
        }
        return rgb;
    }
}
