package dev.stratalens.cli.corpus;

import dev.stratalens.cli.failure.CliException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Lines of text, or of JSON. Not thread-safe. */
final class LineRows implements FileRows {

    /** Makes a row of a line that is not blank. */
    interface Line {
        Optional<CorpusRow> row(String line);
    }

    private final TextLines lines;
    private final Line line;
    private @Nullable String current;

    LineRows(InputStream in, Line line) {
        this.lines = new TextLines(in);
        this.line = line;
    }

    /** Each line is a text. */
    static Line text() {
        return line -> Optional.of(new CorpusRow(line, Optional.empty(), Optional.empty(), Optional.empty()));
    }

    @Override
    public boolean advance() throws IOException {
        current = null;
        current = lines.next();
        return current != null;
    }

    /** @throws CliException if the line is not one of the format */
    @Override
    public Optional<CorpusRow> row() {
        return current == null || current.isBlank() ? Optional.empty() : line.row(current);
    }

    @Override
    public void close() throws IOException {
        lines.close();
    }
}
