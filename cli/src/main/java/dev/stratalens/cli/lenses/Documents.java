package dev.stratalens.cli.lenses;

import dev.stratalens.cli.corpus.Corpus;
import dev.stratalens.cli.corpus.CorpusReader;
import dev.stratalens.cli.corpus.CorpusRow;
import dev.stratalens.cli.corpus.CorpusSelection;
import dev.stratalens.cli.failure.CliException;
import dev.stratalens.cli.failure.ExitCode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The documents that a lens is fitted on. */
final class Documents {

    private Documents() {}

    /**
     * Reads the texts of a corpus.
     *
     * @param most how many to read at most
     * @throws CliException if something is not a document, and names it
     */
    static List<String> read(Path path, CorpusSelection selection, int most) throws IOException {
        Corpus corpus = Corpus.of(path, selection);
        List<String> documents = new ArrayList<>();
        try (CorpusReader rows = corpus.open()) {
            try {
                for (CorpusRow row = rows.next(); row != null && documents.size() < most; row = rows.next()) {
                    documents.add(row.text());
                }
            } catch (CliException e) {
                throw new CliException(ExitCode.USAGE, "--text: %s: %s".formatted(rows.place(), e.getMessage()), e);
            }
        }
        return documents;
    }
}
