package dev.stratalens.cli.corpus;

import dev.stratalens.cli.parquet.ParquetCursor;
import dev.stratalens.cli.parquet.ParquetTable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** The rows of a Parquet file. Not thread-safe. */
final class ParquetRows implements FileRows {

    private final ParquetTable table;
    private final CorpusColumns columns;
    private final Map<String, ParquetCursor> cursors;

    private ParquetRows(ParquetTable table, CorpusColumns columns, Map<String, ParquetCursor> cursors) {
        this.table = table;
        this.columns = columns;
        this.cursors = cursors;
    }

    /**
     * Opens a file.
     *
     * @throws dev.stratalens.cli.failure.CliException if it is no Parquet file, or does not have the columns
     */
    static ParquetRows open(Path file, CorpusColumns columns) throws IOException {
        ParquetTable table = ParquetTable.open(file);
        Map<String, ParquetCursor> cursors = new HashMap<>();
        try {
            for (String name : columns.names()) {
                cursors.computeIfAbsent(name, table::selectText);
            }
            return new ParquetRows(table, columns, cursors);
        } catch (RuntimeException e) {
            table.close();
            throw e;
        }
    }

    @Override
    public boolean advance() throws IOException {
        return table.next();
    }

    @Override
    public Optional<CorpusRow> row() {
        return columns.row(name -> Objects.requireNonNull(cursors.get(name)).text());
    }

    @Override
    public void close() throws IOException {
        table.close();
    }
}
