package dev.stratalens.bench.report;

import dev.stratalens.bench.round.SampleSpread;
import dev.stratalens.cli.form.TextTable;
import dev.stratalens.cli.form.TextTable.Align;
import dev.stratalens.cli.terminal.HeatScale;
import dev.stratalens.cli.terminal.ProgressLine;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The report for people: a table a part as soon as the part is measured, quantities down, conditions across; notes at the end. */
public final class BenchTable implements BenchReport {

    private final PrintWriter out;
    private final HeatScale style;
    private final ProgressLine progress;
    private final List<Figure> waiting = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private boolean begun;
    private boolean complete;
    private boolean closed;

    public BenchTable(PrintWriter out, HeatScale style, ProgressLine progress) {
        this.out = out;
        this.style = style;
        this.progress = progress;
    }

    @Override
    public synchronized void begin(Map<String, String> machine, Map<String, String> model) {
        begun = true;
        progress.clear();
        out.println(line(model));
        out.println(style.faint(line(machine)));
        out.flush();
    }

    @Override
    public synchronized void add(Figure figure) {
        waiting.add(figure);
    }

    @Override
    public synchronized void note(String note) {
        notes.add(note);
    }

    @Override
    public synchronized void endPart() {
        if (closed) {
            return;
        }
        progress.clear();
        for (BenchPart part : BenchPart.values()) {
            List<Figure> figures =
                    waiting.stream().filter(figure -> figure.part() == part).toList();
            if (!figures.isEmpty()) {
                print(part, figures);
            }
        }
        waiting.clear();
        out.flush();
    }

    @Override
    public synchronized void complete() {
        complete = true;
    }

    @Override
    public synchronized void close() {
        if (closed || !begun) {
            return;
        }
        endPart();
        if (!complete) {
            notes.add("This run ended before everything was measured.");
        }
        if (!notes.isEmpty()) {
            out.println();
            notes.forEach(note -> out.println(style.faint(note)));
        }
        out.flush();
        closed = true;
    }

    private void print(BenchPart part, List<Figure> figures) {
        out.printf("%n%s%n", style.bold(part.title()));
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
