package dev.stratalens.cli.table;

import dev.stratalens.cli.batch.ResultLine;
import dev.stratalens.cli.failure.CliException;
import dev.stratalens.cli.parquet.ParquetCursor;
import dev.stratalens.cli.parquet.ParquetTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The parts of a table that are whole, and the prompts in them. Not thread-safe. */
final class WrittenParts {

    private static final Pattern NAME = Pattern.compile("part-\\d{5,}\\.parquet");

    private final Path folder;
    private final Map<String, ResultLine> prompts = new HashMap<>();
    private Map<String, String> facts = Map.of();
    private int count;

    private WrittenParts(Path folder) {
        this.folder = folder;
    }

    /** The parts of a folder, in order; other files are left out. */
    static List<Path> in(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(
                            file -> NAME.matcher(file.getFileName().toString()).matches())
                    .sorted()
                    .toList();
        }
    }

    /**
     * Reads which prompts there are.
     *
     * @throws CliException if a part has another layout, or is damaged
     */
    static WrittenParts read(Path folder, TableLayout layout) throws IOException {
        WrittenParts parts = new WrittenParts(folder);
        for (Path part : in(folder)) {
            if (!part.equals(parts.next())) {
                throw CliException.usage(
                        "--output: %s is there without the parts before it. Name another folder.".formatted(part));
            }
            parts.add(part, layout);
            parts.count++;
        }
        return parts;
    }

    private void add(Path part, TableLayout layout) throws IOException {
        try (ParquetTable table = ParquetTable.open(part)) {
            if (!TableFacts.FORMAT_1.equals(table.facts().get(TableFacts.FORMAT))) {
                throw CliException.usage(
                        "--output: %s was not written by this command; name another folder.".formatted(part));
            }
            if (!table.schema().equals(layout.schema())) {
                throw CliException.usage(
                        "--output: %s has other rows or columns. Give --rows and --leave-out as the earlier run did, or name another folder."
                                .formatted(part));
            }
            facts = table.facts();
            ParquetCursor ids = table.selectText(TableColumns.ID);
            ParquetCursor requests = table.selectText(TableColumns.REQUEST);
            String last = "";
            while (table.next()) {
                String id = ids.text().orElseThrow();
                if (!id.equals(last)) { // the rows of a prompt follow each other
                    prompts.put(id, new ResultLine(id, requests.text().orElseThrow(), false));
                    last = id;
                }
            }
        }
    }

    /** What is known of a prompt in them. */
    Optional<ResultLine> of(String id) {
        return Optional.ofNullable(prompts.get(id));
    }

    /**
     * Checks that parts to come are of the same model and lenses.
     *
     * @param ofRun what they will say of themselves
     * @throws CliException if they are not
     */
    void require(Map<String, String> ofRun) {
        if (count > 0 && TableFacts.differ(facts, ofRun)) {
            throw CliException.usage(
                    "--output: the parts in %s are of a model with other weights, tokenizer or lenses. Name another folder."
                            .formatted(folder));
        }
    }

    /** Where the next part comes. */
    Path next() {
        return folder.resolve("part-%05d.parquet".formatted(count));
    }

    /** Says that the next part is there. */
    void published() {
        count++;
    }
}
