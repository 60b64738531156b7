package dev.stratalens.report.figure;

import dev.stratalens.report.figure.LineChart.Curve;
import dev.stratalens.report.figure.LineChart.Point;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

/** Draws a line chart: axes, bands, curves, and the names at the curves' ends. */
final class LineChartSvg {

    private static final double WIDTH = 640;
    private static final double SHAPE = 0.5;
    private static final int MOST_MARKS = 40;

    private final LineChart chart;
    private final FigureStyle style;
    private final SvgPage page;
    private final double font;
    private final AxisScale x;
    private final AxisScale y;
    private final CurveNames names;
    private final double left;
    private final double right;
    private final double top;
    private final double bottom;
    private final double width;
    private final SvgWriter svg = new SvgWriter();

    LineChartSvg(LineChart chart, FigureStyle style) {
        this.chart = chart;
        this.style = style;
        font = style.fontSize().toPixels();
        width = style.width().map(Length::toPixels).orElse(WIDTH * font / 12);
        page = new SvgPage(chart.title(), chart.note(), style, width);
        x = new AxisScale(chart.x(), points().mapToDouble(Point::x));
        y = new AxisScale(
                chart.y(), points().flatMapToDouble(point -> DoubleStream.of(point.y(), point.lower(), point.upper())));
        names = new CurveNames(chart.curves(), style, width);
        double labels = y.ticks(6).stream()
                .mapToDouble(tick -> TextWidth.of(y.text(tick), font))
                .max()
                .orElse(0);
        left = Math.ceil(page.margin() + labels + 0.6 * font);
        right = Math.floor(width - page.margin() - names.widthAtEnds());
        top = page.top() + 1.4 * font; // the name of the vertical axis
        bottom = Math.round(top + SHAPE * (right - left));
    }

    private Stream<Point> points() {
        return chart.curves().stream().flatMap(curve -> curve.points().stream());
    }

    String draw() {
        double under = bottom + 3.2 * font;
        page.begin(svg, chart.title(), chart.note(), under + names.heightBelow() + page.margin());
        axes();
        for (int i = 0; i < chart.curves().size(); i++) {
            band(chart.curves().get(i), i);
        }
        for (int i = 0; i < chart.curves().size(); i++) {
            curve(chart.curves().get(i), i);
        }
        names.draw(svg, this::end, new CurveNames.Frame(left, right, top, bottom, under));
        return svg.close("svg").toString();
    }

    private void axes() {
        StringBuilder lines = new StringBuilder();
        svg.open("g", "fill", style.theme().faintInk());
        svg.open("g", "text-anchor", "end");
        for (double tick : y.ticks(6)) {
            lines.append("M%s %sH%s".formatted(n(left), n(py(tick)), n(right)));
            svg.label(y.text(tick), left - 0.5 * font, py(tick) + 0.35 * font);
        }
        svg.close("g").open("g", "text-anchor", "middle");
        for (double tick : x.ticks((int) Math.max(2, (right - left) / (4 * font)))) {
            lines.append("M%s %sv%s".formatted(n(px(tick)), n(bottom), n(0.3 * font)));
            svg.label(x.text(tick), px(tick), bottom + 1.4 * font);
        }
        svg.label(chart.x().label(), (left + right) / 2, bottom + 2.7 * font).close("g");
        svg.label(chart.y().label(), page.margin(), top - 0.8 * font).close("g");
        svg.path(lines, "fill", "none", "stroke", style.theme().line());
        svg.path(
                "M%s %sH%s".formatted(n(left), n(bottom), n(right)),
                "fill",
                "none",
                "stroke",
                style.theme().faintInk());
    }

    private void band(Curve curve, int index) {
        StringBuilder path = new StringBuilder();
        List<Point> run = new ArrayList<>();
        for (Point point : curve.points()) {
            if (point.hasBand() && y.isDrawn(point.lower()) && y.isDrawn(point.upper())) {
                run.add(point);
            } else {
                outline(run, path);
                run.clear();
            }
        }
        outline(run, path);
        if (!path.isEmpty()) {
            svg.path(path, "fill", style.theme().curve(index), "fill-opacity", "0.16");
        }
    }

    private void outline(List<Point> run, StringBuilder path) {
        for (int i = 0; i < run.size(); i++) {
            path.append(i == 0 ? 'M' : 'L').append(at(run.get(i).x(), run.get(i).upper()));
        }
        for (int i = run.size() - 1; i >= 0; i--) {
            path.append('L').append(at(run.get(i).x(), run.get(i).lower()));
        }
        path.append(run.isEmpty() ? "" : "z");
    }

    private void curve(Curve curve, int index) {
        StringBuilder path = new StringBuilder();
        StringBuilder marks = new StringBuilder();
        boolean gap = true;
        for (Point point : curve.points()) {
            boolean drawn = y.isDrawn(point.y()) && x.isDrawn(point.x());
            if (drawn) {
                path.append(gap ? 'M' : 'L').append(at(point.x(), point.y()));
                marks.append('M').append(at(point.x(), point.y())).append("h0");
            }
            gap = !drawn;
        }
        String color = style.theme().curve(index);
        svg.open("g", "fill", "none", "stroke", color, "stroke-linejoin", "round", "stroke-linecap", "round");
        svg.path(path, "stroke-width", n(font / 7), "stroke-dasharray", CurveNames.dashes(index));
        if (curve.points().size() <= MOST_MARKS) {
            svg.path(marks, "stroke-width", n(font / 2.4));
        }
        svg.close("g");
    }

    /** The height at which a curve ends; NaN if it has no point. */
    private double end(Curve curve) {
        double end = Double.NaN;
        for (Point point : curve.points()) {
            end = y.isDrawn(point.y()) ? py(point.y()) : end;
        }
        return end;
    }

    private double px(double value) {
        return left + x.position(value) * (right - left);
    }

    private double py(double value) {
        return bottom - y.position(value) * (bottom - top);
    }

    private String at(double x, double y) {
        return n(px(x)) + " " + n(py(y));
    }

    private static String n(double value) {
        return SvgWriter.number(value);
    }
}
