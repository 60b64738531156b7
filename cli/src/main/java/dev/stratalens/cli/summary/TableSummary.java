package dev.stratalens.cli.summary;

import dev.stratalens.cli.failure.CliException;
import dev.stratalens.cli.parquet.ParquetCursor;
import dev.stratalens.cli.parquet.ParquetTable;
import dev.stratalens.cli.table.TableFacts;
import dev.stratalens.cli.table.TableFiles;
import dev.stratalens.cli.table.TableGaps;
import dev.stratalens.cli.terminal.ProgressLine;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Means and quantiles of a table by layer, read once from the beginning to the end. Each row counts once. Rows of sites inside
 * blocks are left out. Memory grows with the number of groups, not of rows. Not thread-safe.
 */
final class TableSummary {

    private static final int MOST_GROUPS = 100;

    private final List<String> groupedBy;
    private final Map<List<String>, SummaryGroup> groups = new LinkedHashMap<>();
    private Map<String, String> facts = Map.of();
    private TableGaps gaps = new TableGaps(false, 0, 0);
    private String lastId = "";
    private long documents;

    private TableSummary(List<String> groupedBy) {
        this.groupedBy = groupedBy;
    }

    /**
     * Summarizes the parts of a table.
     *
     * @param table a folder
     * @param groupedBy names of columns of single values
     * @throws CliException if a column is missing, there are too many groups, or parts are of several models
     */
    static TableSummary of(Path table, List<String> groupedBy, ProgressLine progress) throws IOException {
        List<Path> parts = TableFiles.parts(table);
        TableSummary summary = new TableSummary(groupedBy);
        summary.gaps = TableGaps.in(table);
        for (Path part : parts) {
            progress.show("parts", parts.indexOf(part), parts.size());
            try (ParquetTable rows = ParquetTable.open(part)) {
                summary.add(rows, part);
            }
        }
        return summary;
    }

    private void add(ParquetTable table, Path part) throws IOException {
        Map<String, String> ofPart = TableFiles.facts(table, part);
        if (!facts.isEmpty() && TableFacts.differ(facts, ofPart)) {
            throw CliException.usage("%s is of another model or lens than the parts before it.".formatted(part));
        }
        facts = ofPart;
        Row row = new Row(table);
        while (table.next()) {
            add(row);
        }
    }

    private void add(Row row) {
        if (row.lens.text().isEmpty()) {
            gaps = gaps.withFailures(1); // a row of a prompt that failed, as Spark keeps it
            return;
        }
        String id = row.id.text().orElse("");
        if (!id.equals(lastId)) {
            documents++;
            lastId = id;
        }
        SummaryGroup group = group(row);
        group.document(id);
        for (int i = 0; i < row.layers.count(); i++) {
            if (!TableFiles.isLayer(row.sites.text(i).orElse(""))) {
                continue;
            }
            int layer = (int) row.layers.number(i);
            for (Map.Entry<SummaryMeasure, ParquetCursor> measured : row.measures.entrySet()) {
                double stored = measured.getValue().number(i);
                if (Double.isFinite(measured.getKey().kind().value(stored))) {
                    group.add(measured.getKey(), layer, stored);
                }
            }
        }
    }

    private SummaryGroup group(Row row) {
        List<String> key = new ArrayList<>();
        key.add(row.lens.text().orElse(""));
        row.groupedBy.forEach(column -> key.add(column.text().orElse("")));
        SummaryGroup group = groups.computeIfAbsent(
                key, values -> new SummaryGroup(List.copyOf(values.subList(1, values.size())), values.get(0)));
        if (groups.size() > MOST_GROUPS) {
            throw CliException.usage(
                    "--group %s makes more than %d groups. Group by columns with fewer values, or by SQL as docs/corpus-format.md shows."
                            .formatted(String.join(",", groupedBy), MOST_GROUPS));
        }
        return group;
    }

    /** The columns that are read. */
    private final class Row {
        private final ParquetCursor id;
        private final ParquetCursor lens;
        private final ParquetCursor layers;
        private final ParquetCursor sites;
        private final List<ParquetCursor> groupedBy = new ArrayList<>();
        private final Map<SummaryMeasure, ParquetCursor> measures = new LinkedHashMap<>();

        Row(ParquetTable table) {
            id = table.selectText("id");
            lens = table.selectText("lens");
            layers = table.select("layer");
            sites = table.select("site");
            TableSummary.this.groupedBy.forEach(name -> groupedBy.add(table.selectText(name)));
            for (SummaryMeasure measure : SummaryMeasure.all()) {
                if (table.columns().contains(measure.column())) {
                    measures.put(
                            measure,
                            measure.kind().isFirstOfList()
                                    ? table.selectFirst(measure.column())
                                    : table.select(measure.column()));
                }
            }
        }
    }

    /** Name of the model. */
    String model() {
        return TableFacts.name(facts);
    }

    /** Documents in the table. */
    long documents() {
        return documents;
    }

    /** What is not in the table. */
    TableGaps gaps() {
        return gaps;
    }

    /** Likewise, to follow the number of documents; empty if there is nothing to say. */
    String gapsInBrackets() {
        return gaps.isEmpty() ? "" : " (" + gaps.inWords() + ")";
    }

    /** Names of the columns that group the rows. */
    List<String> groupedBy() {
        return groupedBy;
    }

    /** The groups, in the order in which they first occur. */
    List<SummaryGroup> groups() {
        return List.copyOf(groups.values());
    }

    /** The measures that any group has. */
    List<SummaryMeasure> measures() {
        return SummaryMeasure.all().stream()
                .filter(measure -> groups.values().stream()
                        .anyMatch(group -> !group.layers(measure).isEmpty()))
                .toList();
    }

    /** What tells a group from the others. */
    String name(SummaryGroup group) {
        List<String> words = new ArrayList<>();
        group.values().forEach(value -> words.add(value.isEmpty() ? "none" : value));
        if (words.isEmpty()
                || groups.values().stream().map(SummaryGroup::lens).distinct().count() > 1) {
            words.add(group.lens());
        }
        return String.join(", ", words);
    }
}
