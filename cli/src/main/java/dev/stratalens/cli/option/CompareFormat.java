package dev.stratalens.cli.option;

/** Values of {@code --format} of a comparison. */
public enum CompareFormat {
    /** For people. */
    TABLE,
    /** Every number. */
    JSON,
    /** One line a cell. */
    CSV,
    /** For notes and issues. */
    MARKDOWN,
    /** A page with both runs side by side, whose views move together. */
    HTML,
    /** A picture of lines and text. */
    SVG,
    /** A picture of pixels. */
    PNG;

    @Override
    public String toString() {
        return Choice.word(this);
    }
}
