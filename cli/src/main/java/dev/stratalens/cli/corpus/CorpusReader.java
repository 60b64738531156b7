package dev.stratalens.cli.corpus;

import dev.stratalens.cli.failure.CliException;
import java.io.Closeable;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Reads the texts of a corpus one after the other. Not thread-safe. */
public interface CorpusReader extends Closeable {

    /**
     * The next text; null after the last. Rows without text are passed over.
     *
     * @throws CliException if a row is not one; the rows after it can be read all the same
     */
    @Nullable
    CorpusRow next() throws IOException;

    /** Number of the row that came last, from 1, among those of all files; rows without text count. */
    int number();

    /** The row that came last, in words: its file, and its number there. */
    String place();
}
