package dev.stratalens.report.figure;

import java.util.Locale;

/** Draws the legend of a heat map: a bar with labels, or two squares. */
final class LegendSvg {

    /** Lengths in parts of the font's size. */
    private static final double BAR = 15;

    private static final double LEAST_BAR = 11;
    private static final double LINE = 1.5;

    private final ColorScale scale;
    private final FigureStyle style;
    private final double left;
    private final double font;
    private final double label;
    private final double bar;
    private final boolean stacked;

    /**
     * A legend.
     *
     * @param left left edge
     * @param room largest width; if it is small, the bar is below its name
     */
    LegendSvg(ColorScale scale, FigureStyle style, double left, double room) {
        this.scale = scale;
        this.style = style;
        this.left = left;
        this.font = style.fontSize().toPixels();
        this.label = 1.1 * TextWidth.of(scale.name(), font) + font;
        this.stacked = label + LEAST_BAR * font > room;
        this.bar = Math.min(BAR * font, stacked ? room - font : room - label - font);
    }

    double height() {
        return Math.round((scale.ramp() == ColorRamp.TWO_COLORS ? 1.3 : 2.3) * font + (stacked ? LINE * font : 0));
    }

    void draw(SvgWriter svg, double top) {
        svg.open("g", "fill", style.theme().faintInk());
        svg.label(scale.name(), left, top + 0.9 * font);
        double x = stacked ? left : left + label;
        double y = stacked ? top + LINE * font : top;
        if (scale.ramp() == ColorRamp.TWO_COLORS) {
            squares(svg, x, y);
        } else {
            bar(svg, x, y);
        }
        svg.close("g");
    }

    private void squares(SvgWriter svg, double from, double top) {
        double x = from;
        for (ColorScale.Tick tick : scale.ticks()) {
            svg.path(box(x, top, font), "fill", color(tick.position()));
            svg.label(tick.text(), x + 1.4 * font, top + 0.9 * font);
            x += TextWidth.of(tick.text(), font) + 2.8 * font;
        }
    }

    private void bar(SvgWriter svg, double x, double top) {
        String id = "ramp-" + scale.ramp().name().toLowerCase(Locale.ROOT);
        int stops = scale.ramp().stopCount(style.theme());
        svg.open("linearGradient", "id", id);
        for (int stop = 0; stop < stops; stop++) {
            double place = stop / (stops - 1.0);
            svg.element("stop", "offset", NumberText.plain(place), "stop-color", color(place));
        }
        svg.close("linearGradient");
        svg.path(box(x, top, bar), "fill", "url(#" + id + ")");
        svg.open("g", "text-anchor", "middle", "font-size", HeatMapLayout.NUMBER_SIZE * font);
        for (ColorScale.Tick tick : scale.ticks()) {
            svg.label(tick.text(), x + tick.position() * bar, top + 2 * font);
        }
        svg.close("g");
        scale.threshold().ifPresent(value -> threshold(svg, x + scale.position(value) * bar, top));
    }

    /** A line through the bar. */
    private void threshold(SvgWriter svg, double x, double top) {
        String from = SvgWriter.number(x) + " " + SvgWriter.number(top - 0.15 * font);
        svg.path(
                "M" + from + "v" + SvgWriter.number(1.3 * font),
                "stroke",
                style.theme().ink(),
                "stroke-width",
                2);
    }

    private String box(double x, double top, double width) {
        String right = SvgWriter.number(width);
        return "M%s %sh%sv%sh-%sz"
                .formatted(SvgWriter.number(x), SvgWriter.number(top), right, SvgWriter.number(font), right);
    }

    private String color(double place) {
        return "#%06x".formatted(scale.ramp().rgb(style.theme(), place));
    }
}
