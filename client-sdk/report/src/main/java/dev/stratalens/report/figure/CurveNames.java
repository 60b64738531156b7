package dev.stratalens.report.figure;

import dev.stratalens.report.figure.LineChart.Curve;
import dev.stratalens.report.figure.SvgWriter.Room;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** Names of curves: at their ends, moved apart if ends are near; in rows below if names are many or long. */
final class CurveNames {

    /** Dashes that distinguish curves of one color. */
    private static final List<String> DASHES = List.of("none", "6 3", "2 2", "8 3 2 3");

    private static final int MOST_AT_ENDS = 8;
    private static final double LINE = 1.25;

    /** The area of the curves, and the start of the room below. */
    record Frame(double left, double right, double top, double bottom, double below) {}

    private record Name(Curve curve, int index, double y) {}

    private final List<Curve> curves;
    private final FigureStyle style;
    private final double font;
    private final double longest;
    private final double width;
    private final boolean atEnds;

    CurveNames(List<Curve> curves, FigureStyle style, double width) {
        this.curves = curves;
        this.style = style;
        this.width = width;
        font = style.fontSize().toPixels();
        longest = curves.stream()
                .mapToDouble(curve -> TextWidth.of(curve.name(), font))
                .max()
                .orElse(0);
        atEnds = curves.size() <= MOST_AT_ENDS && longest <= 0.3 * width;
    }

    /** The dashes of a curve, as SVG writes them. */
    static String dashes(int index) {
        return DASHES.get(index / Theme.curveColors() % DASHES.size());
    }

    /** Room to the right of the curves. */
    double widthAtEnds() {
        return atEnds && longest > 0 ? 1.1 * longest + font : 0.4 * font;
    }

    /** Room below the axis. */
    double heightBelow() {
        return atEnds ? 0 : rows() * LINE * font + 0.4 * font;
    }

    /** Draws them.
     *
     * @param end height at which a curve ends; NaN for none */
    void draw(SvgWriter svg, ToDoubleFunction<Curve> end, Frame frame) {
        svg.open("g", "fill", style.theme().ink());
        if (atEnds) {
            drawAtEnds(svg, end, frame);
        } else {
            drawBelow(svg, frame);
        }
        svg.close("g");
    }

    private void drawAtEnds(SvgWriter svg, ToDoubleFunction<Curve> end, Frame frame) {
        List<Name> sorted = new ArrayList<>();
        for (int i = 0; i < curves.size(); i++) {
            double y = end.applyAsDouble(curves.get(i));
            sorted.add(new Name(curves.get(i), i, Double.isNaN(y) ? frame.bottom() : y));
        }
        sorted.sort(Comparator.comparingDouble(Name::y));
        double[] heights = apart(sorted, frame);
        for (int i = 0; i < heights.length; i++) {
            Name name = sorted.get(i);
            double x = frame.right() + 0.7 * font;
            svg.label(
                    name.curve().name(),
                    x,
                    heights[i] + 0.35 * font,
                    "fill",
                    style.theme().curve(name.index()));
        }
    }

    /**
     * Puts each name at its end, or as near as lines of text allow; none beyond the frame unless there are too many.
     */
    private double[] apart(List<Name> names, Frame frame) {
        double[] heights = names.stream().mapToDouble(Name::y).toArray();
        for (int i = 1; i < heights.length; i++) {
            heights[i] = Math.max(heights[i], heights[i - 1] + LINE * font);
        }
        double limit = frame.bottom();
        for (int i = heights.length - 1; i >= 0; i--) {
            heights[i] = Math.min(heights[i], limit);
            limit = heights[i] - LINE * font;
        }
        return heights;
    }

    private void drawBelow(SvgWriter svg, Frame frame) {
        double column = columnWidth();
        for (int i = 0; i < curves.size(); i++) {
            double x = font + i % perRow() * column;
            double y = frame.below() + (i / perRow() + 1) * LINE * font;
            String line = "M%s %sh%s".formatted(n(x), n(y - 0.35 * font), n(2 * font));
            svg.path(
                    line, "stroke", style.theme().curve(i), "stroke-width", n(font / 7), "stroke-dasharray", dashes(i));
            svg.fitted(curves.get(i).name(), new Room(column - 3.5 * font, font), x + 2.5 * font, y);
        }
    }

    private double columnWidth() {
        return Math.min(1.1 * longest + 4 * font, width - 2 * font);
    }

    private int perRow() {
        return Math.max(1, (int) ((width - 2 * font) / columnWidth()));
    }

    private int rows() {
        return (curves.size() + perRow() - 1) / perRow();
    }

    private static String n(double value) {
        return SvgWriter.number(value);
    }
}
