package dev.stratalens.report.figure;

/**
 * Draws figures as SVG files: for papers, slides and web pages. The same figure and style give the same bytes. Text
 * stays text, and any characters give well-formed XML. The file is self-contained: no script, no font, no style sheet.
 * Hovering over a shortened text shows the whole text.
 */
public final class SvgFigure {

    private SvgFigure() {}

    /**
     * A heat map. Columns that do not fit the width continue in bands below.
     *
     * @return an SVG file, to be written as UTF-8
     */
    public static String svg(HeatMap map, FigureStyle style) {
        return new HeatMapSvg(map, style).draw();
    }

    /**
     * A line chart. Curves are named at their ends, or below if there are many.
     *
     * @return an SVG file, to be written as UTF-8
     */
    public static String svg(LineChart chart, FigureStyle style) {
        return new LineChartSvg(chart, style).draw();
    }
}
