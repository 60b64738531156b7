package dev.stratalens.cli.picture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stratalens.report.figure.ColorRamp;
import dev.stratalens.report.figure.ColorScale;
import dev.stratalens.report.figure.FigureStyle;
import dev.stratalens.report.figure.HeatMap;
import dev.stratalens.report.figure.HeatMap.Cell;
import dev.stratalens.report.figure.HeatMap.Column;
import dev.stratalens.report.figure.LineChart;
import dev.stratalens.report.figure.LineChart.Axis;
import dev.stratalens.report.figure.LineChart.Curve;
import dev.stratalens.report.figure.LineChart.Point;
import dev.stratalens.report.figure.SvgFigure;
import dev.stratalens.report.figure.Theme;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

class PngPictureTest {

    private static final FigureStyle STYLE = FigureStyle.light().withFontFamilies(PngPicture.FONT_FAMILIES);

    @Test
    void cellsHaveTheColorsOfTheScaleAndWordsAreDrawn() throws IOException {
        BufferedImage image = draw(SvgFigure.svg(map("word", 0, "other", 1), STYLE), 1);
        Set<Integer> colors = colors(image);
        assertTrue(colors.contains(ColorRamp.SEQUENTIAL.rgb(Theme.LIGHT, 0)), "light end");
        assertTrue(colors.contains(ColorRamp.SEQUENTIAL.rgb(Theme.LIGHT, 1)), "dark end");
        assertTrue(colors.contains(0xFFFFFF), "paper");
        BufferedImage wordless = draw(SvgFigure.svg(map("", 0, "", 1), STYLE), 1);
        assertTrue(colors(wordless).size() < colors.size(), "letters have edges of their own shades");
    }

    @Test
    void theScaleMultipliesThePixels() throws IOException {
        String svg = SvgFigure.svg(map("a", 0, "b", 1), STYLE);
        BufferedImage once = draw(svg, 1);
        BufferedImage thrice = draw(svg, 3);
        assertEquals(3 * once.getWidth(), thrice.getWidth());
        assertEquals(3 * once.getHeight(), thrice.getHeight());
    }

    @Test
    void hostileTextsAreDrawnToo() throws IOException {
        BufferedImage image =
                draw(SvgFigure.svg(map("</text>&\0\ud800", 0, "שלום 👩‍👩‍👧 東京 " + "x".repeat(10_000), 1), STYLE), 1);
        BufferedImage harmless = draw(SvgFigure.svg(map("word", 0, "other words", 1), STYLE), 1);
        Set<Integer> colors = colors(image);
        assertTrue(colors.contains(ColorRamp.SEQUENTIAL.rgb(Theme.LIGHT, 0)), "the first cell");
        assertTrue(colors.contains(ColorRamp.SEQUENTIAL.rgb(Theme.LIGHT, 1)), "the second cell");
        assertTrue(
                colors.size()
                        > colors(draw(SvgFigure.svg(map("", 0, "", 1), STYLE), 1))
                                .size(),
                "letters");
        assertEquals(harmless.getHeight(), image.getHeight());
        assertTrue(image.getWidth() < 4 * harmless.getWidth(), "a long word is cut: " + image.getWidth());
    }

    @Test
    void chartsHaveTheirCurves() throws IOException {
        LineChart chart = new LineChart(
                "chart",
                "",
                Axis.layers(),
                Axis.probability("probability"),
                List.of(new Curve("a", List.of(Point.of(0, 0.1), new Point(1, 0.9, 0.8, 1)))));
        assertTrue(colors(draw(SvgFigure.svg(chart, STYLE), 2)).contains(0x0072B2), "the first curve's blue");
    }

    private static HeatMap map(String first, double firstValue, String second, double secondValue) {
        return new HeatMap(
                "",
                "",
                "layer",
                List.of("0"),
                List.of("token"),
                List.of(
                        new Column(List.of("x"), List.of(new Cell(first, firstValue, ""))),
                        new Column(List.of("y"), List.of(new Cell(second, secondValue, "")))),
                ColorScale.probability("probability"));
    }

    private static BufferedImage draw(String svg, double scale) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PngPicture.write(svg, scale, out);
        return ImageIO.read(new ByteArrayInputStream(out.toByteArray()));
    }

    private static Set<Integer> colors(BufferedImage image) {
        Set<Integer> colors = new HashSet<>();
        for (int y = 0; y < image.getHeight(); y++) {
            for (int x = 0; x < image.getWidth(); x++) {
                colors.add(image.getRGB(x, y) & 0xFFFFFF);
            }
        }
        return colors;
    }
}
