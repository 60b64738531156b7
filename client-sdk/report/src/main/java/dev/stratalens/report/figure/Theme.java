package dev.stratalens.report.figure;

import java.util.List;

/** Colors of paper and ink, as CSS writes them. */
public enum Theme {
    /** Dark on white. */
    LIGHT("#ffffff", "#1a1a1a", "#5c5f66", "#dfe1e5", "#f0f1f3"),
    /** Light on nearly black. */
    DARK("#16181d", "#eceef1", "#a3a8b1", "#3a3e47", "#23262d");

    /**
     * Colors that are distinguishable with any kind of color vision, after Okabe and Ito, without yellow and black;
     * brighter on dark pages.
     */
    private static final List<String> CURVES_ON_LIGHT =
            List.of("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#b07c00", "#2f9bd6");

    private static final List<String> CURVES_ON_DARK =
            List.of("#5ab4f0", "#ff8a3d", "#2fc79b", "#e69ac4", "#f0c04a", "#9ad0f5");

    private final String paper;
    private final String ink;
    private final String faintInk;
    private final String line;
    private final String nothing;

    Theme(String paper, String ink, String faintInk, String line, String nothing) {
        this.paper = paper;
        this.ink = ink;
        this.faintInk = faintInk;
        this.line = line;
        this.nothing = nothing;
    }

    String paper() {
        return paper;
    }

    String ink() {
        return ink;
    }

    /** Notes and ticks. */
    String faintInk() {
        return faintInk;
    }

    /** Lines of a grid. */
    String line() {
        return line;
    }

    /** Cells without a value. */
    String nothing() {
        return nothing;
    }

    /** The color of a curve; they repeat after {@link #curveColors}. */
    String curve(int index) {
        return (this == LIGHT ? CURVES_ON_LIGHT : CURVES_ON_DARK).get(index % curveColors());
    }

    static int curveColors() {
        return CURVES_ON_LIGHT.size();
    }
}
