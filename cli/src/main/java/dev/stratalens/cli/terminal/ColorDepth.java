package dev.stratalens.cli.terminal;

import java.util.Locale;
import java.util.Map;

/** How a terminal shows a shade. */
public enum ColorDepth {
    /** No color and no shade characters: files, pipes, and users who set {@code NO_COLOR}. */
    PLAIN,
    /** Block characters of growing density: terminals without color. */
    SHADES,
    /** The sixteen standard colors. */
    COLORS_16,
    /** The 6 x 6 x 6 cube of xterm. */
    COLORS_256,
    /** Any color. */
    TRUE_COLOR;

    /**
     * What the environment says about standard output.
     *
     * @param terminal whether standard output is a terminal; {@code FORCE_COLOR} counts as one
     */
    static ColorDepth of(Map<String, String> environment, boolean terminal) {
        if (isSet(environment, "NO_COLOR") || !(terminal || isSet(environment, "FORCE_COLOR"))) {
            return PLAIN;
        }
        String colorTerm = environment.getOrDefault("COLORTERM", "").toLowerCase(Locale.ROOT);
        String term = environment.getOrDefault("TERM", "");
        if (colorTerm.equals("truecolor") || colorTerm.equals("24bit") || term.endsWith("-direct")) {
            return TRUE_COLOR;
        }
        if (term.contains("256color")) {
            return COLORS_256;
        }
        if (term.isEmpty() || term.equals("dumb") || term.startsWith("vt1") || term.startsWith("vt2")) {
            return SHADES;
        }
        return COLORS_16;
    }

    private static boolean isSet(Map<String, String> environment, String name) {
        return !environment.getOrDefault(name, "").isEmpty();
    }
}
