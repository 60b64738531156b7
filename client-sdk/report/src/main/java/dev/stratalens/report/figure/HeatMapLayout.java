package dev.stratalens.report.figure;

import dev.stratalens.report.figure.HeatMap.Cell;
import dev.stratalens.report.figure.HeatMap.Column;

/**
 * Layout of the cells of a heat map, in pixels. Columns have equal widths; those that do not fit the width continue in
 * bands below.
 *
 * @param width of the page
 * @param labels room of the row labels
 * @param columnWidth of a column, the line between two included
 * @param rowHeight of a row, likewise
 * @param headLine height of a line of a head
 * @param columnsPerBand columns side by side
 */
record HeatMapLayout(
        double width, double labels, double columnWidth, double rowHeight, double headLine, int columnsPerBand) {

    /** Room in a cell before the word and after the number. */
    static final double PADDING = 0.4;

    /** Room between word and number. */
    static final double GAP = 0.5;

    /** Size of numbers, where words are 1. */
    static final double NUMBER_SIZE = 0.85;

    private static final double WIDEST_WORD = 7;
    private static final double NARROWEST_WORD = 3.4;

    /** In parts of the font's size: 1600 pixels with letters of 12. */
    private static final double WIDEST_PAGE = 133;

    static HeatMapLayout of(HeatMap map, FigureStyle style) {
        double font = style.fontSize().toPixels();
        double labels = TextWidth.ofBold(map.rowName(), font);
        for (String row : map.rows()) {
            labels = Math.max(labels, TextWidth.of(row, font));
        }
        labels = Math.ceil(labels + 0.6 * font);
        double natural = 0;
        double narrowest = 0;
        for (Column column : map.columns()) {
            for (String line : column.head()) {
                double wanted = Math.min(TextWidth.ofBold(line, font) / font, WIDEST_WORD);
                natural = Math.max(natural, wanted + 2 * PADDING);
            }
            for (Cell cell : column.cells()) {
                natural = Math.max(natural, wanted(cell, WIDEST_WORD));
                narrowest = Math.max(narrowest, wanted(cell, NARROWEST_WORD));
            }
        }
        double comfortable = Math.ceil(Math.max(natural, 2) * font) + 1;
        int count = Math.max(1, map.columns().size());
        double margins = 2 * Math.round(font) + labels;
        double room = style.width().map(Length::toPixels).orElse(WIDEST_PAGE * font) - margins;
        double least = style.width().isPresent() ? Math.ceil(Math.max(narrowest, 2) * font) + 1 : comfortable;
        int side = Math.max(1, Math.min(count, (int) (room / least)));
        int bands = (count + side - 1) / side;
        int columnsPerBand = (count + bands - 1) / bands;
        double columnWidth = style.width().isPresent() ? Math.floor(10 * room / columnsPerBand) / 10 : comfortable;
        double width = style.width().map(Length::toPixels).orElse(margins + columnsPerBand * columnWidth);
        return new HeatMapLayout(
                width, labels, columnWidth, Math.round(1.7 * font), Math.round(1.4 * font), columnsPerBand);
    }

    int bands(HeatMap map) {
        return (map.columns().size() + columnsPerBand - 1) / columnsPerBand;
    }

    /** Height of a band with its head and the room after it. */
    double bandHeight(HeatMap map) {
        return map.headNames().size() * headLine + map.rows().size() * rowHeight + headLine;
    }

    /** In parts of the font's size. */
    private static double wanted(Cell cell, double widestWord) {
        double word = Math.min(TextWidth.of(cell.word(), 1), widestWord);
        double number = TextWidth.of(cell.number(), NUMBER_SIZE);
        return word + number + (word > 0 && number > 0 ? GAP : 0) + 2 * PADDING;
    }
}
