package dev.stratalens.cli.terminal;

/**
 * The room of a report for people: a width, and on a terminal also a height. There the parts of a report that are longer
 * than a few screens show their end only, since the beginning would scroll away.
 */
public final class Screen {

    /** A part of this many screens is still worth scrolling. */
    private static final int SCREENS = 3;

    /** Kept for the lines around a part. */
    private static final int MARGIN = 4;

    private static final int ENDLESS = 0;

    private final int columns;
    private final int rows;
    private boolean cut;

    private Screen(int columns, int rows) {
        this.columns = columns;
        this.rows = rows;
    }

    /** A width alone: a file, a pipe or a pager takes any number of lines. */
    public static Screen endless(int columns) {
        return new Screen(columns, ENDLESS);
    }

    public static Screen of(Terminal terminal) {
        return new Screen(terminal.columns(), terminal.rows());
    }

    /** Its width in characters. */
    public int columns() {
        return columns;
    }

    /** How many of the last blocks of a part to show: all, or as many as one screen holds.
     *
     * @param lines those of a block */
    public int blocks(int count, int lines) {
        if (rows == ENDLESS || (long) count * lines <= (long) SCREENS * rows) {
            return count;
        }
        cut = true;
        return Math.max(1, (rows - MARGIN) / lines);
    }

    /** Whether a part was too long. */
    public boolean isCut() {
        return cut;
    }
}
