package dev.stratalens.report.figure;

/**
 * Draws figures as SVG files: for papers, slides and web pages. The same figure and style give the same bytes. Text stays
 * text; it is well-formed XML whatever characters it holds. Nothing is loaded from elsewhere: no script, no font, no style
 * sheet. What was shortened says its whole text to a pointer that rests on it.
 */
public final class SvgFigure {

    private SvgFigure() {}

    /**
     * A heat map. Columns that do not fit the width stand in further rows below.
     *
     * @return an SVG file, to be written as UTF-8
     */
    public static String svg(HeatMap map, FigureStyle style) {
        return new HeatMapSvg(map, style).draw();
    }

    /**
     * A line chart. Curves are named at their ends, or below where there are many.
     *
     * @return an SVG file, to be written as UTF-8
     */
    public static String svg(LineChart chart, FigureStyle style) {
        return new LineChartSvg(chart, style).draw();
    }
}
