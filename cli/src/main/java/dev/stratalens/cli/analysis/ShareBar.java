package dev.stratalens.cli.analysis;

/** A bar of text on both sides of a line: to the right above zero, to the left below. */
final class ShareBar {

    private static final int SIDE = 16;
    private static final String BLOCK = "█";

    private ShareBar() {}

    /** @param largest absolute value that fills a side; 0 for no bar */
    static String of(double value, double largest) {
        if (!(largest > 0) || Double.isNaN(value)) {
            return "";
        }
        int length = (int) Math.round(Math.min(1, Math.abs(value) / largest) * SIDE);
        String bar = BLOCK.repeat(length);
        return value < 0 ? " ".repeat(SIDE - length) + bar + "│" : " ".repeat(SIDE) + "│" + bar;
    }
}
