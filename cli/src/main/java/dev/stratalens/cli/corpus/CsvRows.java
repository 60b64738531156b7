package dev.stratalens.cli.corpus;

import dev.stratalens.cli.failure.CliException;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;

/** The rows of a CSV file below its line of names. Not thread-safe. */
final class CsvRows implements FileRows {

    private static final String SEPARATORS =
            " Values are separated by commas, or by tabs in a .tsv file and with --input-format tsv. Other files are first written so.";

    private final CsvRecords records;
    private final CorpusColumns columns;
    private final List<String> names;
    private List<String> current = List.of();

    private CsvRows(CsvRecords records, List<String> names, CorpusColumns columns) {
        this.records = records;
        this.names = names;
        this.columns = columns;
    }

    /**
     * Reads the line of names.
     *
     * @throws CliException if it does not have the columns
     */
    static CsvRows open(InputStream in, char separator, CorpusColumns columns) throws IOException {
        try {
            CsvRecords records = new CsvRecords(in, separator);
            List<String> names = records.next().orElse(List.of());
            require(columns, names);
            return new CsvRows(records, names, columns);
        } catch (IOException | RuntimeException e) {
            in.close();
            throw e;
        }
    }

    private static void require(CorpusColumns columns, List<String> names) {
        for (String name : columns.names()) {
            if (names.stream().filter(name::equals).count() != 1) {
                throw CliException.usage("there is no column \"%s\", or two of them; the first line has %s.%s"
                        .formatted(name, inWords(names), names.size() > 1 ? "" : SEPARATORS));
            }
        }
    }

    private static String inWords(List<String> names) {
        return names.isEmpty() ? "nothing" : String.join(", ", names);
    }

    @Override
    public boolean advance() throws IOException {
        current = List.of();
        Optional<List<String>> next = records.next();
        if (next.isEmpty()) {
            return false;
        }
        if (next.get().size() != names.size()) {
            throw CliException.usage(
                    "the first line has %d names, and this row %d; put a value that has a separator or a line end in quotes."
                            .formatted(names.size(), next.get().size()));
        }
        current = next.get();
        return true;
    }

    @Override
    public Optional<CorpusRow> row() {
        return columns.row(name -> Optional.of(current.get(names.indexOf(name))).filter(value -> !value.isEmpty()));
    }

    @Override
    public void close() throws IOException {
        records.close();
    }
}
