package dev.stratalens.cli.corpus;

import java.util.Optional;

/**
 * What is read of the files of a corpus, as it was asked for.
 *
 * @param format empty: by the names of the files
 * @param columns what is read of a row; empty: the prompts of a file are read as prompts
 * @param split which of the splits of a folder; empty if it has only one
 */
public record CorpusSelection(Optional<CorpusFormat> format, Optional<CorpusColumns> columns, Optional<String> split) {

    /** Nothing was said. */
    public static final CorpusSelection BY_NAME =
            new CorpusSelection(Optional.empty(), Optional.empty(), Optional.empty());
}
