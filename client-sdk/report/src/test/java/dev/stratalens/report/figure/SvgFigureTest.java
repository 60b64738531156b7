package dev.stratalens.report.figure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stratalens.client.request.LensTarget;
import dev.stratalens.client.request.Statistic;
import dev.stratalens.client.result.LensResult;
import dev.stratalens.report.figure.ColorMode.Own;
import dev.stratalens.report.figure.HeatMap.Cell;
import dev.stratalens.report.figure.HeatMap.Column;
import dev.stratalens.report.figure.LineChart.Axis;
import dev.stratalens.report.figure.LineChart.Curve;
import dev.stratalens.report.figure.LineChart.Division;
import dev.stratalens.report.figure.LineChart.Point;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

/**
 * What is drawn. Golden files: {@code mvn test -pl client-sdk -am -Dtest=SvgFigureTest
 * -Dsurefire.failIfNoSpecifiedTests=false -Dstratalens.golden=write} draws them anew; look at them before they are
 * committed.
 */
class SvgFigureTest {

    private static final Path GOLDEN = Path.of("src/test/resources/dev/stratalens/report/figure");
    private static final LensResult FRANCE = FigureResults.france();
    private static final FigureStyle LIGHT = FigureStyle.light();

    /** A picture and the name of its golden file. */
    private record Golden(String name, String svg) {
        @Override
        public String toString() {
            return name;
        }
    }

    static List<Golden> goldens() {
        HeatMap probability = HeatMaps.bestTokens(FRANCE, Own.PROBABILITY, 0);
        HeatMap rank = HeatMaps.bestTokens(FRANCE, Own.RANK, 0);
        FigureStyle dark = LIGHT.withTheme(Theme.DARK);
        FigureStyle column = LIGHT.withWidth(Length.parse("85mm")).withFontSize(Length.parse("7pt"));
        return List.of(
                new Golden("probability", SvgFigure.svg(probability, LIGHT)),
                new Golden("rank-in-a-column", SvgFigure.svg(rank, column)),
                new Golden("agreement-dark", SvgFigure.svg(HeatMaps.bestTokens(FRANCE, Own.AGREEMENT, 0), dark)),
                new Golden("trajectories", SvgFigure.svg(trajectories(), LIGHT)),
                new Golden("ranks-dark", SvgFigure.svg(ranks(), dark)));
    }

    @ParameterizedTest
    @MethodSource("goldens")
    void picturesAreWhatTheyWereWhenSomebodyLookedAtThem(Golden golden) throws IOException {
        Path file = GOLDEN.resolve(golden.name() + ".svg");
        if ("write".equals(System.getProperty("stratalens.golden"))) {
            Files.writeString(file, golden.svg());
        }
        assertEquals(Files.readString(file), golden.svg());
    }

    @Test
    void aFigureForAPaperTellsItsCaptionAndDoesNotDrawIt() {
        HeatMap map = HeatMaps.bestTokens(FRANCE, Own.PROBABILITY, 0);
        String title = "<title>" + map.title() + "</title>";

        String drawn = SvgFigure.svg(map, LIGHT);
        String told = SvgFigure.svg(map, LIGHT.withCaption(FigureStyle.Caption.TOLD));

        assertTrue(drawn.contains(title) && told.contains(title), told);
        Pattern note = Pattern.compile("<text[^>]*>" + map.note() + "</text>");
        assertTrue(note.matcher(drawn).find(), drawn);
        assertFalse(note.matcher(told).find(), told);
    }

    @Test
    void theSameFigureGivesTheSameBytesInEveryLocale() {
        Locale before = Locale.getDefault();
        List<String> first = goldens().stream().map(Golden::svg).toList();
        try {
            Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
            assertEquals(first, goldens().stream().map(Golden::svg).toList());
        } finally {
            Locale.setDefault(before);
        }
    }

    @ParameterizedTest
    @MethodSource("dev.stratalens.report.figure.FigureResults#modes")
    void everyModeHasItsWordsAsText(ColorMode mode) throws Exception {
        Document svg = parse(SvgFigure.svg(HeatMaps.bestTokens(FRANCE, mode, 1), LIGHT));
        List<String> texts = texts(svg);
        assertTrue(texts.containsAll(List.of("layer", "embed", "9", "·capital", "·Paris", "·Rome")), texts.toString());
        assertTrue(texts.contains(HeatMaps.bestTokens(FRANCE, mode, 1).scale().name()), texts.toString());
    }

    @Test
    void aHeatMapOfAHundredCellsIsSmall() {
        String svg = SvgFigure.svg(HeatMaps.bestTokens(FRANCE, Own.PROBABILITY, 0), LIGHT);
        assertTrue(svg.length() < 11_000, svg.length() + " characters for 66 cells");
    }

    @Test
    void hostileTextsAreDrawnAsTheyAreAndBreakNothing() throws Exception {
        List<String> hostile = List.of(
                "</text><script>alert(1)</script>",
                "\"'&<>]]>",
                "\0\u0001\u001b\u007f\u0085\ufffe",
                "\ud800 lone",
                "\udc00",
                "\u202eright to left override",
                "שלום עולם",
                "مرحبا",
                "👩‍👩‍👧‍👦🇩🇪",
                "東京都に住んでいます",
                "\u200b\u200d\ufeff",
                " two  spaces\n\tand lines ",
                "x".repeat(10_000));
        List<Column> columns = hostile.stream()
                .map(text -> new Column(List.of("0", text), List.of(new Cell(text, 0.3, ".30"))))
                .toList();
        HeatMap map = new HeatMap(
                hostile.toString(),
                hostile.get(2),
                hostile.get(0),
                List.of(hostile.get(1)),
                List.of("position", "token"),
                columns,
                ColorScale.sequential(hostile.get(0), hostile.get(1), 0, 1));
        Document svg = parse(SvgFigure.svg(map, LIGHT));
        assertEquals(0, svg.getElementsByTagName("script").getLength());
        assertTrue(
                texts(svg).stream().anyMatch(text -> text.matches("東京都に住.*….*でいます")),
                texts(svg).toString());
        assertTrue(texts(svg).contains("� lone"), texts(svg).toString());
        List<Curve> curves = hostile.stream()
                .map(text -> new Curve(text, List.of(Point.of(0, 1), Point.of(1, 2))))
                .toList();
        parse(SvgFigure.svg(
                new LineChart(hostile.get(0), "", Axis.layers(), Axis.of(hostile.get(1), Division.LINEAR), curves),
                LIGHT));
    }

    @Test
    void aLongWordEndsInAnEllipsisAndSaysItsWholeTextToThePointer() throws Exception {
        HeatMap map = HeatMaps.bestTokens(FRANCE, Own.PROBABILITY, 0);
        String svg = SvgFigure.svg(map, LIGHT.withWidth(Length.pixels(300)));
        assertTrue(svg.contains("…<title>·currency</title></text>"), svg);
    }

    @Test
    void columnsThatDoNotFitStandInBandsBelow() throws Exception {
        HeatMap map = HeatMaps.bestTokens(FRANCE, Own.PROBABILITY, 0);
        Document wide = parse(SvgFigure.svg(map, LIGHT));
        Document narrow = parse(SvgFigure.svg(map, LIGHT.withWidth(Length.pixels(300))));
        assertEquals(1, texts(wide).stream().filter("layer"::equals).count());
        assertEquals(2, texts(narrow).stream().filter("layer"::equals).count());
        for (String token : List.of("<|begin|>", "The", "·capital", "·of", "·France", "·is")) {
            assertTrue(texts(narrow).contains(token), token);
        }
        assertEquals("300px", narrow.getDocumentElement().getAttribute("width"));
    }

    @Test
    void theWidthIsInItsOwnUnit() throws Exception {
        Document svg = parse(SvgFigure.svg(trajectories(), LIGHT.withWidth(Length.parse("180mm"))));
        assertEquals("180mm", svg.getDocumentElement().getAttribute("width"));
        assertTrue(svg.getDocumentElement().getAttribute("height").endsWith("mm"));
        assertTrue(svg.getDocumentElement().getAttribute("viewBox").startsWith("0 0 680.3 "));
    }

    @Test
    void everyCellIsDrawnOnceAndNothingIsOutsideThePage() {
        HeatMap map = HeatMaps.bestTokens(FRANCE, new ColorMode.OfStatistic(Statistic.ENTROPY), 0);
        for (int width = 260; width <= 700; width += 23) {
            String svg = SvgFigure.svg(map, LIGHT.withWidth(Length.pixels(width)));
            long cells = svg.lines()
                    .filter(line -> line.startsWith("<path fill=\"#") && line.contains("z\"/>"))
                    .flatMapToInt(line -> line.chars().filter(c -> c == 'M'))
                    .count();
            assertEquals(66 + 1, cells, "cells and paper at width " + width);
            int right = width;
            Pattern.compile("M([0-9.]+) [0-9.]+h([0-9.]+)v")
                    .matcher(svg)
                    .results()
                    .forEach(match -> assertTrue(
                            Double.parseDouble(match.group(1)) + Double.parseDouble(match.group(2)) <= right,
                            match.group()));
        }
    }

    @Test
    void aLineSurroundsOutlinedCells() {
        var column = new Column(
                List.of("0"), List.of(new Cell("a", 0, ""), new Cell("b", 0, "", true), new Cell("c", 0, "", true)));
        var other = new Column(
                List.of("1"), List.of(new Cell("d", 0, ""), new Cell("e", 0, ""), new Cell("f", 0, "", true)));
        HeatMap map = new HeatMap(
                "",
                "",
                "layer",
                List.of("0", "1", "2"),
                List.of("token"),
                List.of(column, other),
                ColorScale.probability("p"));
        String outline = SvgFigure.svg(map, LIGHT)
                .lines()
                .filter(line -> line.contains("stroke-linecap"))
                .findFirst()
                .orElseThrow();
        // An L of three cells has eight edges of a cell.
        assertEquals(8, outline.chars().filter(c -> c == 'M').count(), outline);
        HeatMap without = new HeatMap(
                "",
                "",
                "layer",
                List.of("0"),
                List.of(),
                List.of(new Column(List.of(), List.of(Cell.EMPTY))),
                ColorScale.probability("p"));
        assertFalse(SvgFigure.svg(without, LIGHT).contains("stroke-linecap"));
    }

    @Test
    void gapsEndACurveAndALonePointIsSeen() {
        Curve curve = new Curve("a", List.of(Point.of(0, 1), Point.of(1, Double.NaN), Point.of(2, 3)));
        String svg = SvgFigure.svg(
                new LineChart("", "", Axis.layers(), Axis.of("y", Division.LINEAR), List.of(curve)), LIGHT);
        String path = svg.lines()
                .filter(line -> line.contains("stroke-dasharray"))
                .findFirst()
                .orElseThrow();
        assertEquals(2, path.chars().filter(c -> c == 'M').count(), path);
        assertFalse(path.contains("NaN"), path);
    }

    @Test
    void valuesUpToZeroAreGapsOnALogarithmicAxis() {
        Curve curve = new Curve("a", List.of(Point.of(0, 0), Point.of(1, 0.5), Point.of(2, 0.001)));
        String svg =
                SvgFigure.svg(new LineChart("", "", Axis.layers(), Axis.of("p", Division.LOG), List.of(curve)), LIGHT);
        assertFalse(svg.contains("NaN") || svg.contains("Infinity"), svg);
        assertTrue(svg.contains(">0.001</text>") && svg.contains(">1</text>"), svg);
    }

    @Test
    void emptyFiguresAreDrawn() throws Exception {
        String chart = SvgFigure.svg(new LineChart("", "", Axis.layers(), Axis.probability("p"), List.of()), LIGHT);
        String map = SvgFigure.svg(
                new HeatMap("", "", "layer", List.of(), List.of(), List.of(), ColorScale.probability("p")), LIGHT);
        for (String svg : List.of(chart, map)) {
            Document drawn = parse(svg);
            assertTrue(texts(drawn).contains("p"), "what would be shown is named: " + texts(drawn));
            assertFalse(svg.contains("NaN") || svg.contains("Infinity"), svg);
            assertTrue(
                    drawn.getDocumentElement().getAttribute("viewBox").matches("0 0 [1-9][0-9.]* [1-9][0-9.]*"), svg);
        }
    }

    @Test
    void manyCurvesAreNamedBelow() throws Exception {
        List<Curve> curves = IntStream.range(0, 13)
                .mapToObj(i -> new Curve("curve " + i, List.of(Point.of(0, i), Point.of(1, i + 1))))
                .toList();
        Document svg = parse(
                SvgFigure.svg(new LineChart("", "", Axis.layers(), Axis.of("y", Division.LINEAR), curves), LIGHT));
        assertTrue(texts(svg).contains("curve 12"), texts(svg).toString());
    }

    private static LineChart trajectories() {
        int last = FRANCE.tokens().size() - 1;
        List<Curve> curves = FRANCE.trajectories(last).stream()
                .filter(trajectory -> trajectory.peak() > 0.05)
                .map(trajectory -> new Curve(
                        trajectory.token().display(),
                        trajectory.layers().stream()
                                .map(layer -> band(layer, trajectory.probability(layer)))
                                .toList()))
                .toList();
        return new LineChart(
                "What follows ·is", FRANCE.model().name(), Axis.layers(), Axis.probability("probability"), curves);
    }

    private static Point band(double x, double y) {
        return new Point(x, y, Math.max(0, y - 0.05), Math.min(1, y + 0.05));
    }

    private static LineChart ranks() {
        List<Curve> curves = new ArrayList<>();
        for (int position : FRANCE.positions()) {
            for (int target = 0; target < 2; target++) {
                LensTarget asked = FRANCE.targets().get(target).target();
                List<Point> points = FRANCE.layers().stream()
                        .map(layer -> Point.of(
                                layer,
                                FRANCE.rank(asked, layer, position).stream()
                                        .asDoubleStream()
                                        .findFirst()
                                        .orElse(Double.NaN)))
                        .toList();
                curves.add(new Curve("target " + target + " at " + position, points));
            }
        }
        return new LineChart("Ranks", "", Axis.layers(), Axis.of("rank", Division.RANK), curves);
    }

    private static Document parse(String svg) throws Exception {
        assertEquals(svg, new String(svg.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8));
        return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new InputSource(new StringReader(svg)));
    }

    private static List<String> texts(Document svg) {
        NodeList nodes = svg.getElementsByTagName("text");
        return IntStream.range(0, nodes.getLength())
                .mapToObj(i -> nodes.item(i).getTextContent())
                .toList();
    }
}
