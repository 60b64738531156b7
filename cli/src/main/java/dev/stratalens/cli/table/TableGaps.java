package dev.stratalens.cli.table;

import dev.stratalens.cli.batch.ResultLine;
import dev.stratalens.cli.corpus.TextLines;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What the parts of a table do not have.
 *
 * @param unfinished whether its batch has not ended yet
 * @param waiting results that are not in a part yet
 * @param failed prompts that have no result
 */
public record TableGaps(boolean unfinished, long waiting, long failed) {

    /** Looks at the files beside the parts. */
    public static TableGaps in(Path folder) throws IOException {
        Path journal = folder.resolve(TableFolder.JOURNAL);
        return new TableGaps(Files.exists(journal), lines(journal), lines(folder.resolve(TableFolder.FAILURES)));
    }

    /** Lines that begin as those of results do; the last one may be broken off. */
    private static long lines(Path file) throws IOException {
        if (!Files.exists(file)) {
            return 0;
        }
        long count = 0;
        try (TextLines lines = new TextLines(Files.newInputStream(file))) {
            for (String line = lines.next(); line != null; line = lines.next()) {
                count += ResultLine.read(line).isPresent() && line.endsWith("}}") ? 1 : 0;
            }
        }
        return count;
    }

    /** The same, with failures that are rows of the table, as Spark writes them. */
    public TableGaps withFailures(long more) {
        return new TableGaps(unfinished, waiting, failed + more);
    }

    /** Whether there are none. */
    public boolean isEmpty() {
        return !unfinished && failed == 0;
    }

    /** Such as {@code the batch is unfinished; 3 prompts failed}. */
    public String inWords() {
        List<String> words = new ArrayList<>();
        if (unfinished) {
            words.add("the batch is unfinished"
                    + (waiting == 0 ? "" : ", and %,d of its results are not in a part yet".formatted(waiting)));
        }
        if (failed > 0) {
            words.add("%,d %s failed".formatted(failed, failed == 1 ? "prompt" : "prompts"));
        }
        return String.join("; ", words);
    }
}
