package dev.stratalens.cli.corpus;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads the files of a corpus one after the other. Not thread-safe. */
final class ShardReader implements CorpusReader {

    private final Corpus corpus;
    private final Iterator<Path> files;
    private @Nullable FileRows rows;
    private String file = "";
    private int before;
    private int row;

    ShardReader(Corpus corpus) {
        this.corpus = corpus;
        this.files = corpus.files().iterator();
    }

    @Override
    public @Nullable CorpusRow next() throws IOException {
        while (rows != null || files.hasNext()) {
            if (rows == null) {
                Path next = files.next();
                file = next.getFileName().toString();
                rows = corpus.open(next);
            }
            row++;
            if (rows.advance()) {
                Optional<CorpusRow> found = rows.row();
                if (found.isPresent()) {
                    return found.get();
                }
            } else {
                before += row - 1;
                row = 0;
                rows.close();
                rows = null;
            }
        }
        return null;
    }

    @Override
    public int number() {
        return before + row;
    }

    @Override
    public String place() {
        return row == 0 ? file : "%s, row %d".formatted(file, row);
    }

    @Override
    public void close() throws IOException {
        if (rows != null) {
            rows.close();
        }
    }
}
