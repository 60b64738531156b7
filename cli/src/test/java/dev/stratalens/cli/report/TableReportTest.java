package dev.stratalens.cli.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stratalens.cli.terminal.ColorDepth;
import dev.stratalens.cli.terminal.DisplayWidth;
import dev.stratalens.cli.terminal.HeatScale;
import dev.stratalens.cli.terminal.Screen;
import dev.stratalens.report.figure.ColorMode;
import dev.stratalens.report.figure.HeatMaps;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class TableReportTest {

    @Test
    void wholeReportWithoutColors() {
        assertEquals("""
            tiny: llama, 3 blocks, vocabulary of 10, float32
            Likeliest next token at each position and its probability; layers run downward

                  0        1             2             3             4
            layer <s>      The           ·capital      ·of           ·東京
            embed <s> .91  The      .88  ·capital .93  ·of      .97  ·東京 .85
                0 The .31  ,"       .22  ·of      .55  ·Germany .18  ·is   .07
                1 The .52  ·capital .44  ·of      .93  ·Paris   .41  ·is   .63
                2 The .61  ·capital .71  ·of      1.0  ·Paris   .52  ·is   .84

            What the model predicts at each position; the layer from which that token stays on top
            (crystallization); KL from a layer's distribution to the final one, nats

            pos  token     predicts  prob  from layer  KL at 0  KL at 1
              0  <s>       The        .61           0     3.00     1.50
              1  The       ·capital   .71           1     3.62     1.81
              2  ·capital  ·of        1.0           0     4.24     2.12
              3  ·of       ·Paris     .52           1     4.86     2.43
              4  ·東京     ·is        .84           0     5.48     2.74

            Rank (1 is the top) and probability of the prompt's own next token

                  0      1          2         3       4
                  <s>    The        ·capital  ·of     ·東京
            layer ⇒The   ⇒·capital  ⇒·of      ⇒·東京  -
            embed 3 .05  4     .01  2    .02  9  .00
                0 1 .31  2     .21  1    .55  8  .00
                1 1 .52  1     .44  1    .93  7  .00
                2 1 .61  1     .71  1    1.0  6  .01

            Rank (1 is the top) and probability of ·Paris, id 7

                  0       1       2         3      4
            layer <s>     The     ·capital  ·of    ·東京
            embed 10 .00  10 .00  10   .00  9 .00  9 .00
                0 7  .00  8  .00  9    .00  2 .00  6 .00
                1 5  .00  6  .00  7    .00  1 .00  4 .00
                2 2  .04  3  .01  4    .00  1 .52  3 .00

            Self-check: last layer = the model's output within 1.5e-06. Forward 12 ms, lens 4 ms.
            """, print(ColorDepth.PLAIN, 100));
    }

    @Test
    void aNarrowTerminalGetsTheSameColumnsInSeveralTables() {
        String report = print(ColorDepth.PLAIN, 40);
        assertTrue(report.contains("layer <s>      The\n"), report);
        assertTrue(report.contains("layer ·capital      ·of\n"), report);
        report.lines()
                .filter(line -> line.startsWith("layer ") || line.startsWith("embed "))
                .forEach(line -> assertTrue(DisplayWidth.of(line) <= 40, line));
    }

    @Test
    void colorsComeWithALegend() {
        String report = print(ColorDepth.COLORS_256, 100);
        assertTrue(report.contains("\nprobability \033["), report);
        assertTrue(report.contains(" 1 \033[0m\n"), report);
    }

    private static String print(ColorDepth depth, int width) {
        StringWriter text = new StringWriter();
        PrintWriter out = new PrintWriter(text);
        ResultReport.of(Results.tiny(), view -> HeatMaps.bestTokens(view, ColorMode.Own.PROBABILITY, 0))
                .print(out, new HeatScale(depth), Screen.endless(width));
        return text.toString();
    }
}
