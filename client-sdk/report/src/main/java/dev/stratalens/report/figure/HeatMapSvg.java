package dev.stratalens.report.figure;

import dev.stratalens.report.figure.HeatMap.Cell;
import dev.stratalens.report.figure.SvgWriter.Room;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Draws a heat map: bands of columns, the legend below. Cells of one color are one path. */
final class HeatMapSvg {

    /** Number of colors of a ramp; the eye cannot distinguish more. */
    private static final int SHADES = 64;

    private final HeatMap map;
    private final FigureStyle style;
    private final HeatMapLayout layout;
    private final SvgPage page;
    private final double font;
    private final SvgWriter svg = new SvgWriter();

    HeatMapSvg(HeatMap map, FigureStyle style) {
        this.map = map;
        this.style = style;
        this.layout = HeatMapLayout.of(map, style);
        this.page = new SvgPage(map.title(), map.note(), style, layout.width());
        this.font = style.fontSize().toPixels();
    }

    String draw() {
        double legendTop = page.top() + layout.bands(map) * layout.bandHeight(map);
        LegendSvg legend = new LegendSvg(
                map.scale(),
                style,
                page.margin() + layout.labels(),
                layout.width() - 2 * page.margin() - layout.labels());
        page.begin(svg, map.title(), map.note(), legendTop + legend.height() + page.margin());
        for (int band = 0; band < layout.bands(map); band++) {
            int from = band * layout.columnsPerBand();
            int to = Math.min(from + layout.columnsPerBand(), map.columns().size());
            drawBand(from, to, page.top() + band * layout.bandHeight(map));
        }
        legend.draw(svg, legendTop);
        return svg.close("svg").toString();
    }

    private void drawBand(int from, int to, double top) {
        double cells = top + map.headNames().size() * layout.headLine();
        drawHeads(from, to, top);
        drawLabels(cells);
        drawColors(from, to, cells);
        drawTexts(from, to, cells);
        drawOutline(from, to, cells);
    }

    /** The last line is bold: it names the column. */
    private void drawHeads(int from, int to, double top) {
        int lines = map.headNames().size();
        for (int line = 0; line < lines; line++) {
            boolean last = line == lines - 1;
            svg.open(
                    "g",
                    "fill",
                    last ? style.theme().ink() : style.theme().faintInk(),
                    "font-weight",
                    last ? "bold" : "normal");
            double size = last ? 1.08 * font : font; // bold is wider
            for (int i = from; i < to; i++) {
                Room room = new Room(layout.columnWidth() - 2 * HeatMapLayout.PADDING * font, size);
                double y = top + (line + 1) * layout.headLine() - 0.45 * font;
                svg.fitted(map.columns().get(i).head().get(line), room, x(i, from) + HeatMapLayout.PADDING * font, y);
            }
            svg.close("g");
        }
    }

    private void drawLabels(double top) {
        svg.open("g", "text-anchor", "end", "fill", style.theme().faintInk());
        double x = page.margin() + layout.labels() - 0.6 * font;
        svg.label(map.rowName(), x, top - 0.45 * font, "font-weight", "bold");
        for (int row = 0; row < map.rows().size(); row++) {
            svg.label(map.rows().get(row), x, baseline(row, top));
        }
        svg.close("g");
    }

    private void drawColors(int from, int to, double top) {
        Map<String, StringBuilder> paths = new TreeMap<>();
        for (int i = from; i < to; i++) {
            List<Cell> cells = map.columns().get(i).cells();
            for (int row = 0; row < cells.size(); row++) {
                paths.computeIfAbsent(color(cells.get(row)), color -> new StringBuilder())
                        .append('M')
                        .append(SvgWriter.number(x(i, from)))
                        .append(' ')
                        .append(SvgWriter.number(top + row * layout.rowHeight()))
                        .append('h')
                        .append(SvgWriter.number(layout.columnWidth() - 1))
                        .append('v')
                        .append(SvgWriter.number(layout.rowHeight() - 1))
                        .append('h')
                        .append(SvgWriter.number(1 - layout.columnWidth()))
                        .append('z');
            }
        }
        paths.forEach((color, path) -> svg.path(path, "fill", color));
    }

    /** Words and numbers of the cells that take one color of ink. */
    private record Layer(SvgWriter words, SvgWriter numbers) {
        static Layer empty() {
            return new Layer(new SvgWriter(), new SvgWriter());
        }
    }

    private void drawTexts(int from, int to, double top) {
        Map<String, Layer> layers = new TreeMap<>();
        for (int row = 0; row < map.rows().size(); row++) {
            for (int i = from; i < to; i++) {
                Cell cell = map.columns().get(i).cells().get(row);
                drawText(cell, x(i, from), baseline(row, top), layers.computeIfAbsent(ink(cell), ink -> Layer.empty()));
            }
        }
        layers.forEach((ink, layer) -> svg.open("g", "fill", ink)
                .add(layer.words)
                .open("g", "text-anchor", "end", "font-size", HeatMapLayout.NUMBER_SIZE * font)
                .add(layer.numbers)
                .close("g")
                .close("g"));
    }

    private void drawText(Cell cell, double left, double y, Layer layer) {
        double padding = HeatMapLayout.PADDING * font;
        double right = left + layout.columnWidth() - 1 - padding;
        double number = TextWidth.of(cell.number(), HeatMapLayout.NUMBER_SIZE * font);
        double room = right - left - padding - (number > 0 ? number + HeatMapLayout.GAP * font : 0);
        layer.words.fitted(cell.word(), new Room(room, font), left + padding, y);
        if (!cell.number().isEmpty()) {
            layer.numbers.label(cell.number(), right, y);
        }
    }

    /** The edges between cells that are outlined and others, the edge of the band among them. */
    private void drawOutline(int from, int to, double top) {
        StringBuilder edges = new StringBuilder();
        for (int row = 0; row < map.rows().size(); row++) {
            for (int i = from; i < to; i++) {
                if (!map.columns().get(i).cells().get(row).outlined()) {
                    continue;
                }
                double left = x(i, from) - 0.5;
                double upper = top + row * layout.rowHeight() - 0.5;
                edge(edges, i == from || !outlined(i - 1, row), left, upper, "v", layout.rowHeight());
                edge(
                        edges,
                        i == to - 1 || !outlined(i + 1, row),
                        left + layout.columnWidth(),
                        upper,
                        "v",
                        layout.rowHeight());
                edge(edges, row == 0 || !outlined(i, row - 1), left, upper, "h", layout.columnWidth());
                boolean isLast = row == map.rows().size() - 1;
                edge(
                        edges,
                        isLast || !outlined(i, row + 1),
                        left,
                        upper + layout.rowHeight(),
                        "h",
                        layout.columnWidth());
            }
        }
        if (!edges.isEmpty()) {
            svg.path(
                    edges,
                    "fill",
                    "none",
                    "stroke",
                    style.theme().ink(),
                    "stroke-width",
                    2,
                    "stroke-linecap",
                    "square");
        }
    }

    private boolean outlined(int column, int row) {
        return map.columns().get(column).cells().get(row).outlined();
    }

    private static void edge(StringBuilder edges, boolean drawn, double x, double y, String direction, double length) {
        if (drawn) {
            edges.append('M').append(SvgWriter.number(x)).append(' ').append(SvgWriter.number(y));
            edges.append(direction).append(SvgWriter.number(length));
        }
    }

    private double x(int column, int from) {
        return page.margin() + layout.labels() + (column - from) * layout.columnWidth();
    }

    private double baseline(int row, double top) {
        return top + row * layout.rowHeight() + (layout.rowHeight() - 1) / 2 + 0.35 * font;
    }

    /** The place on the ramp, rounded to a shade. */
    private double place(Cell cell) {
        return Math.round(map.scale().position(cell.value()) * (SHADES - 1)) / (double) (SHADES - 1);
    }

    private String color(Cell cell) {
        return Double.isNaN(cell.value())
                ? style.theme().nothing()
                : "#%06x".formatted(map.scale().ramp().rgb(style.theme(), place(cell)));
    }

    private String ink(Cell cell) {
        if (Double.isNaN(cell.value())) {
            return style.theme().ink();
        }
        return map.scale().ramp().isLight(style.theme(), place(cell)) ? "#000" : "#fff";
    }
}
