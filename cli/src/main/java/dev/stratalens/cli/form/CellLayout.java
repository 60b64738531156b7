package dev.stratalens.cli.form;

import dev.stratalens.cli.terminal.DisplayWidth;
import dev.stratalens.report.figure.HeatMap.Cell;

/** A cell as characters: the word on the left, the number on the right. */
final class CellLayout {

    private CellLayout() {}

    /** Columns that the cell asks for, with a space between word and number. */
    static int width(Cell cell, int widestWord) {
        int word = Math.min(DisplayWidth.of(cell.word()), widestWord);
        return word + (word > 0 && !cell.number().isEmpty() ? 1 : 0) + DisplayWidth.of(cell.number());
    }

    /** Exactly {@code width} columns. */
    static String layOut(Cell cell, int width) {
        int left = width - DisplayWidth.of(cell.number());
        int room = cell.number().isEmpty() ? left : left - 1;
        return DisplayWidth.padRight(room > 0 ? DisplayWidth.shorten(cell.word(), room) : "", left) + cell.number();
    }
}
