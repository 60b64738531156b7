package dev.stratalens.cli.table;

import dev.stratalens.cli.terminal.DisplayWidth;

/**
 * A cell of a {@link Grid}: a word on the left, a number on the right.
 *
 * @param word shortened with an ellipsis where the column is narrower
 * @param number never shortened
 * @param heat 0 .. 1, what the background says; NaN for none
 */
public record Cell(String word, String number, double heat) {

    /** A cell of nothing. */
    public static final Cell EMPTY = new Cell("", "", Double.NaN);

    /** Columns that the cell asks for, with a space between word and number. */
    int width(int widestWord) {
        int word = Math.min(DisplayWidth.of(this.word), widestWord);
        return word + (word > 0 && !number.isEmpty() ? 1 : 0) + DisplayWidth.of(number);
    }

    /** Exactly {@code width} columns. */
    String layOut(int width) {
        int left = width - DisplayWidth.of(number);
        int room = number.isEmpty() ? left : left - 1;
        return DisplayWidth.padRight(room > 0 ? DisplayWidth.shorten(word, room) : "", left) + number;
    }
}
