package dev.stratalens.cli.source;

import dev.stratalens.cli.corpus.CorpusColumns;
import dev.stratalens.cli.corpus.CorpusFormat;
import dev.stratalens.cli.corpus.CorpusSelection;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How texts are read from a file or a folder. */
public final class CorpusOptions {

    @Option(
            names = "--input-format",
            paramLabel = "FORMAT",
            description = "jsonl, text, csv, tsv or parquet (default: by the name; jsonl if it does not say).")
    @Nullable
    CorpusFormat format;

    @Option(names = "--text-column", paramLabel = "NAME", description = "Column with the texts (default: text).")
    @Nullable
    String textColumn;

    @Option(
            names = "--config",
            paramLabel = "NAME",
            description = "Which configuration of a folder (default: what its README.md says; the only one).")
    @Nullable
    String config;

    @Option(
            names = "--split",
            paramLabel = "SPLIT",
            description = "Which split of a folder, such as train or test (default: the only one).")
    @Nullable
    String split;

    /** What was asked for. */
    public CorpusSelection selection() {
        return selection(new ColumnOptions());
    }

    /** Likewise, with the columns of ids, types and targets. */
    CorpusSelection selection(ColumnOptions beside) {
        boolean named =
                Stream.of(textColumn, beside.id, beside.type, beside.target).anyMatch(column -> column != null);
        CorpusColumns columns = new CorpusColumns(
                textColumn == null ? CorpusColumns.TEXT.text() : textColumn,
                Optional.ofNullable(beside.id),
                Optional.ofNullable(beside.type),
                Optional.ofNullable(beside.target));
        return new CorpusSelection(
                Optional.ofNullable(format),
                named ? Optional.of(columns) : Optional.empty(),
                Optional.ofNullable(config),
                Optional.ofNullable(split));
    }
}
