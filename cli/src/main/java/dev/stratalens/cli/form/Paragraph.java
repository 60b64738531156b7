package dev.stratalens.cli.form;

import dev.stratalens.cli.terminal.DisplayWidth;
import dev.stratalens.engine.error.PrintableText;

/** Prose that is broken between words. */
public final class Paragraph {

    private Paragraph() {}

    /** The text in lines of at most {@code width} columns; a longer word has its own line. What cannot be printed is escaped. */
    public static String wrap(String text, int width) {
        StringBuilder lines = new StringBuilder();
        int used = 0;
        for (String word : PrintableText.of(text).split(" ", -1)) {
            int columns = DisplayWidth.of(word);
            if (used > 0 && used + 1 + columns > width) {
                lines.append('\n');
                used = 0;
            } else if (used > 0) {
                lines.append(' ');
                used++;
            }
            lines.append(word);
            used += columns;
        }
        return lines.toString();
    }
}
