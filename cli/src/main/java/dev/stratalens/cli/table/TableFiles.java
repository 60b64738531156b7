package dev.stratalens.cli.table;

import dev.stratalens.cli.failure.CliException;
import dev.stratalens.cli.parquet.ParquetTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Reading the tables that batches wrote. */
public final class TableFiles {

    /** Of this command, or of Spark, which adds the run and the compression. */
    private static final Pattern PART = Pattern.compile("part-\\d{5,}(-.*)?\\.parquet");

    private static final Set<String> LAYERS = Set.of("embedding", "block_output");

    private TableFiles() {}

    /**
     * The parts of a table, in order.
     *
     * @throws CliException if the folder has none
     */
    public static List<Path> parts(Path folder) throws IOException {
        List<Path> parts = List.of();
        if (Files.isDirectory(folder)) {
            try (Stream<Path> files = Files.list(folder)) {
                parts = files.filter(file ->
                                PART.matcher(file.getFileName().toString()).matches())
                        .sorted()
                        .toList();
            }
        }
        if (parts.isEmpty() && Files.exists(folder.resolve(TableFolder.JOURNAL))) {
            throw CliException.usage("%s has no part yet: %s. Give the command batch again, which continues the table."
                    .formatted(folder, TableGaps.in(folder).inWords()));
        }
        if (parts.isEmpty()) {
            String what =
                    Files.exists(folder) ? "%s is not a folder with the parts of a table" : "there is no folder %s";
            throw CliException.usage((what + ". Make a table with batch --output FOLDER.parquet.").formatted(folder));
        }
        return parts;
    }

    /**
     * What a part says of itself.
     *
     * @throws CliException if it is no part of a table
     */
    public static Map<String, String> facts(ParquetTable table, Path part) {
        Map<String, String> facts = TableFacts.read(table.facts());
        if (TableFacts.FORMAT_1.equals(facts.get(TableFacts.FORMAT)) && facts.containsKey(TableFacts.MODEL)) {
            return facts;
        }
        throw CliException.usage("%s was not written by the command batch of this version.".formatted(part));
    }

    /** Whether a site is the one of a layer, not inside a block. */
    public static boolean isLayer(String site) {
        return LAYERS.contains(site);
    }
}
