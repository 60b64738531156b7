package dev.stratalens.cli.command;

/** Values of {@code --format} of types of prompts. */
enum PromptsFormat {
    /** For people. */
    TABLE,
    /** Every number. */
    JSON,
    /** One line a type, quantity and layer. */
    CSV;

    @Override
    public String toString() {
        return Choice.word(this);
    }
}
