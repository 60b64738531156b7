package dev.stratalens.cli.option;

/** Values of {@code --format} of types of prompts. */
public enum PromptsFormat {
    /** For people. */
    TABLE,
    /** Every number. */
    JSON,
    /** One line a type, quantity and layer. */
    CSV,
    /** A picture of lines and text. */
    SVG,
    /** A picture of pixels. */
    PNG;

    @Override
    public String toString() {
        return Choice.word(this);
    }
}
