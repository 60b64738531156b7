package dev.stratalens.bench.report;

import dev.stratalens.bench.round.SampleSpread;
import dev.stratalens.cli.form.TextTable;
import dev.stratalens.cli.form.TextTable.Align;
import dev.stratalens.cli.terminal.HeatScale;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The report for people: a table a section, quantities down, conditions across. */
public final class BenchTable {

    private final PrintWriter out;
    private final HeatScale style;

    public BenchTable(PrintWriter out, HeatScale style) {
        this.out = out;
        this.style = style;
    }

    public void print(BenchReport report) {
        out.println(line(report.model()));
        out.println(style.faint(line(report.machine())));
        for (BenchPart section : BenchPart.values()) {
            List<Figure> figures = report.figures().stream()
                    .filter(figure -> figure.section() == section)
                    .toList();
            if (!figures.isEmpty()) {
                print(section, figures);
            }
        }
        if (!report.notes().isEmpty()) {
            out.println();
            report.notes().forEach(note -> out.println(style.faint(note)));
        }
        out.flush();
    }

    private void print(BenchPart section, List<Figure> figures) {
        out.printf("%n%s%n", style.bold(section.title()));
        Set<String> names = new LinkedHashSet<>();
        Set<String> conditions = new LinkedHashSet<>();
        boolean promised = false;
        for (Figure figure : figures) {
            names.add(figure.name());
            conditions.add(figure.condition());
            promised |= figure.target().isPresent();
        }
        TextTable table = new TextTable().column("median (min .. max)", Align.LEFT);
        conditions.forEach(condition -> table.column(condition, Align.RIGHT));
        if (promised) {
            table.column("target", Align.LEFT);
        }
        for (String name : names) {
            List<Figure> row = figures.stream()
                    .filter(figure -> figure.name().equals(name))
                    .toList();
            table.row(cells(name, conditions, row, promised));
        }
        table.print(out, style::faint);
    }

    private static List<String> cells(String name, Set<String> conditions, List<Figure> row, boolean promised) {
        List<String> cells = new ArrayList<>(List.of(name));
        for (String condition : conditions) {
            cells.add(row.stream()
                    .filter(figure -> figure.condition().equals(condition))
                    .map(BenchTable::cell)
                    .findFirst()
                    .orElse(""));
        }
        if (promised) {
            Set<String> verdicts = new LinkedHashSet<>();
            for (Figure figure : row) {
                figure.target()
                        .ifPresent(target -> verdicts.add("%s at %s: %s"
                                .formatted(
                                        target.show(figure.unit()),
                                        figure.condition(),
                                        target.isMetBy(figure.spread().median()) ? "met" : "NOT met")));
            }
            cells.add(String.join("; ", verdicts));
        }
        return cells;
    }

    private static String cell(Figure figure) {
        SampleSpread spread = figure.spread();
        Unit unit = figure.unit();
        return spread.minimum() == spread.maximum()
                ? unit.show(spread.median())
                : "%s (%s .. %s)"
                        .formatted(
                                unit.show(spread.median()), unit.show(spread.minimum()), unit.show(spread.maximum()));
    }

    private static String line(Map<String, String> facts) {
        List<String> parts = new ArrayList<>();
        facts.forEach((name, value) -> {
            if (!value.isEmpty()) {
                parts.add(name.replace('_', ' ') + " " + value);
            }
        });
        return String.join(", ", parts);
    }
}
