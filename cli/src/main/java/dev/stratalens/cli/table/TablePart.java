package dev.stratalens.cli.table;

import dev.stratalens.cli.parquet.ParquetOutput;
import dev.stratalens.client.result.LensResult;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;

/** A part of a table that is being written, under a name that readers pass over. Not thread-safe. */
final class TablePart implements Closeable {

    private final Path unfinished;
    private final TableLayout layout;
    private final ParquetOutput<List<ResultCell>> output;

    private TablePart(Path unfinished, TableLayout layout, ParquetOutput<List<ResultCell>> output) {
        this.unfinished = unfinished;
        this.layout = layout;
        this.output = output;
    }

    static TablePart create(Path unfinished, TableLayout layout, Map<String, String> facts) throws IOException {
        return new TablePart(
                unfinished, layout, ParquetOutput.create(unfinished, layout.schema(), facts, layout::write));
    }

    void add(ResultCell.Asked prompt, LensResult result) throws IOException {
        for (List<ResultCell> row : layout.rows(prompt, result)) {
            output.write(row);
        }
    }

    boolean isFull() {
        return output.size() >= layout.partBytes();
    }

    /** Makes it a part of the table: whole and on the disk, or not at all. */
    void publish(Path path) throws IOException {
        output.close();
        try (FileChannel written = FileChannel.open(unfinished, StandardOpenOption.WRITE)) {
            written.force(true);
        }
        Files.move(unfinished, path, StandardCopyOption.ATOMIC_MOVE);
    }

    /** Gives up what was not published. */
    @Override
    public void close() throws IOException {
        output.close();
        Files.deleteIfExists(unfinished);
    }
}
