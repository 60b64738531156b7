package dev.stratalens.cli.corpus;

import dev.stratalens.cli.failure.CliException;
import java.io.Closeable;
import java.io.IOException;
import java.util.Optional;

/** The rows of one file, with those that have no text. Not thread-safe. */
interface FileRows extends Closeable {

    /** Goes to the next row; false after the last.
     *
     * @throws CliException if there is something that is no row */
    boolean advance() throws IOException;

    /** The text of this row; empty if it has none.
     *
     * @throws CliException if its values are not what they should be */
    Optional<CorpusRow> row();
}
