package dev.stratalens.bench.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stratalens.bench.round.SampleSpread;
import dev.stratalens.cli.terminal.ColorDepth;
import dev.stratalens.cli.terminal.HeatScale;
import dev.stratalens.cli.terminal.ProgressLine;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BenchTableTest {

    @Test
    void quantitiesGoDownAndConditionsAcross() {
        String table = print(
                figure("whole lens", "5 tokens", 0.0123, Optional.empty()),
                figure("whole lens", "64 tokens", 1.5, Optional.empty()));
        List<String> lines =
                table.lines().map(line -> line.replaceAll("  +", " | ")).toList();
        assertEquals(
                List.of(
                        "median (min .. max) | 5 tokens | 64 tokens",
                        "whole lens | 12.3 ms (12.2 ms .. 12.4 ms) | 1.50 s (1.50 s .. 1.50 s)"),
                lines.subList(lines.size() - 2, lines.size()));
    }

    @Test
    void aTargetIsMetOrNot() {
        assertTrue(print(figure("a", "b", 1, Optional.of(Target.atMost(2)))).contains("<= 2.00 s at b: met"));
        assertTrue(print(figure("a", "b", 3, Optional.of(Target.atMost(2)))).contains("<= 2.00 s at b: NOT met"));
        assertTrue(print(figure("a", "b", 3, Optional.of(Target.atLeast(3)))).contains(">= 3.00 s at b: met"));
    }

    @Test
    void aPartIsPrintedWhenItEndsAndTheRestWhenTheRunDoes() {
        StringWriter out = new StringWriter();
        BenchTable table = table(out);
        table.begin(Map.of(), Map.of());
        table.add(figure("first", "5 tokens", 1, Optional.empty()));
        table.endPart();
        assertTrue(out.toString().contains("first"), out.toString());

        table.add(figure("second", "5 tokens", 1, Optional.empty()));
        table.note("a remark");
        assertFalse(out.toString().contains("second"), out.toString());
        table.close();

        assertTrue(out.toString().contains("second"), out.toString());
        assertTrue(
                out.toString().endsWith("a remark\nThis run ended before everything was measured.\n"), out.toString());
        String written = out.toString();
        table.endPart();
        table.close();
        assertEquals(written, out.toString());
    }

    private static Figure figure(String name, String condition, double median, Optional<Target> target) {
        SampleSpread spread = new SampleSpread(median, median - 0.0001, median + 0.0001, 3);
        return Figure.of(BenchPart.EFFICIENCY, name, condition, Unit.SECONDS, spread)
                .withTarget(target);
    }

    private static String print(Figure... figures) {
        StringWriter out = new StringWriter();
        try (BenchTable table = table(out)) {
            table.begin(Map.of("cores", "2"), Map.of("layers", "30"));
            List.of(figures).forEach(table::add);
            table.complete();
        }
        return out.toString();
    }

    private static BenchTable table(StringWriter out) {
        return new BenchTable(
                new PrintWriter(out), new HeatScale(ColorDepth.PLAIN), new ProgressLine(System.err, false, 80));
    }
}
