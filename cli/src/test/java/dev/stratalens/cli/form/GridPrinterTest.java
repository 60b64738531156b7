package dev.stratalens.cli.form;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stratalens.cli.terminal.ColorDepth;
import dev.stratalens.cli.terminal.DisplayWidth;
import dev.stratalens.cli.terminal.HeatScale;
import dev.stratalens.cli.terminal.Screen;
import dev.stratalens.cli.terminal.Terminal;
import dev.stratalens.report.figure.ColorScale;
import dev.stratalens.report.figure.HeatMap;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class GridPrinterTest {

    private static final HeatMap GRID = new HeatMap(
            "",
            "",
            "layer",
            List.of("0", "1"),
            List.of("position", "token"),
            List.of(
                    column("0", "The", "·cat", "·capital"),
                    column("1", "·東京", "都", "·of"),
                    column("2", "·an-endless-word-of-a-prompt", "x", "·an-endless-word-of-a-cell")),
            ColorScale.probability("probability"));

    @Test
    void columnsAreAsWideAsTheirContentAndLongWordsShowThatTheyAreCut() {
        assertEquals("""
                      0             1        2
                layer The           ·東京    ·an-endless-word-…
                    0 ·cat     .50  都  .50  x              .50
                    1 ·capital .50  ·of .50  ·an-endless-w… .50
                """, print(100, ColorDepth.PLAIN));
    }

    @Test
    void whatDoesNotFitComesInTheNextTable() {
        assertEquals("""
                      0             1
                layer The           ·東京
                    0 ·cat     .50  都  .50
                    1 ·capital .50  ·of .50

                      2
                layer ·an-endless-word-…
                    0 x              .50
                    1 ·an-endless-w… .50
                """, print(33, ColorDepth.PLAIN));
    }

    @Test
    void noLineIsWiderThanTheTerminal() {
        for (int width = 27; width < 60; width++) {
            for (String line : print(width, ColorDepth.SHADES).lines().toList()) {
                assertTrue(DisplayWidth.of(line) <= width, "width " + width + ": " + line);
            }
        }
    }

    @Test
    void colorsDoNotMoveTheColumns() {
        assertEquals(print(100, ColorDepth.PLAIN), withoutColors(print(100, ColorDepth.TRUE_COLOR)));
        assertEquals(print(100, ColorDepth.PLAIN), withoutColors(print(100, ColorDepth.COLORS_16)));
    }

    @Test
    void shadesStandBeforeTheCells() {
        assertTrue(print(100, ColorDepth.SHADES).contains("    0▒ ·cat     .50 ▒ 都"), print(100, ColorDepth.SHADES));
    }

    @Test
    void ofALongGridTheLastColumnsFillTheScreen() {
        HeatMap.Column column = GRID.columns().get(0);
        HeatMap wide = new HeatMap(
                GRID.title(),
                GRID.note(),
                GRID.rowName(),
                GRID.rows(),
                GRID.headNames(),
                Collections.nCopies(1000, column),
                GRID.scale());
        StringWriter text = new StringWriter();
        PrintWriter out = new PrintWriter(text);
        Screen screen = Screen.of(new Terminal(true, true, true, 60, 20, ColorDepth.PLAIN));
        new GridPrinter(out, new HeatScale(ColorDepth.PLAIN), screen).print(wide);
        List<String> lines = text.toString().lines().toList();
        assertTrue(screen.isCut());
        assertTrue(lines.size() <= 20, text::toString);
        assertTrue(lines.get(0).matches("\\.\\.\\. 9\\d\\d columns before these"), lines.get(0));
        assertTrue(lines.get(lines.size() - 1).length() > 40, "the last line is full");
    }

    private static String print(int width, ColorDepth depth) {
        StringWriter text = new StringWriter();
        PrintWriter out = new PrintWriter(text);
        new GridPrinter(out, new HeatScale(depth), Screen.endless(width)).print(GRID);
        return text.toString();
    }

    private static String withoutColors(String text) {
        String plain = text.replaceAll("\033\\[[0-9;]*m", "");
        return String.join("\n", plain.lines().map(String::stripTrailing).toList()) + "\n";
    }

    private static HeatMap.Column column(String number, String title, String... words) {
        return new HeatMap.Column(
                List.of(number, title),
                List.of(words).stream()
                        .map(word -> new HeatMap.Cell(word, 0.5, ".50"))
                        .toList());
    }
}
