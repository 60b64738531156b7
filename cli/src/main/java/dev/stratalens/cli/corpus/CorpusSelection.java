package dev.stratalens.cli.corpus;

import java.util.Optional;

/**
 * What is read of the files of a corpus, as it was asked for.
 *
 * @param format empty: by the names of the files
 * @param columns what is read of a row; empty: the prompts of a file are read as prompts
 * @param config which of the configurations of a folder; empty: its default
 * @param split which of the splits of a folder; empty if it has only one
 */
public record CorpusSelection(
        Optional<CorpusFormat> format,
        Optional<CorpusColumns> columns,
        Optional<String> config,
        Optional<String> split) {

    /** Nothing was said. */
    public static final CorpusSelection BY_NAME =
            new CorpusSelection(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    /** The same, of a format. */
    public CorpusSelection as(CorpusFormat given) {
        return new CorpusSelection(Optional.of(given), columns, config, split);
    }
}
