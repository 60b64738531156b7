package dev.stratalens.cli.corpus;

import dev.stratalens.cli.failure.CliException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Texts in a file, or in the shards of a folder, as datasets of the Hugging Face hub have them.
 *
 * @param files one or more, in order
 * @param format of all of them
 * @param columns what is read of a row
 */
public record Corpus(List<Path> files, CorpusFormat format, CorpusColumns columns) {

    /** Copies the files. */
    public Corpus {
        files = List.copyOf(files);
    }

    /**
     * A file, or the shards of a folder.
     *
     * @param format empty: by the names
     * @param split which of the splits of a folder; empty if it has only one
     * @throws CliException if there is none, or it is not clear which files are meant
     */
    public static Corpus of(Path path, Optional<CorpusFormat> format, CorpusColumns columns, Optional<String> split)
            throws IOException {
        List<Path> files = List.of(path);
        if (Files.isDirectory(path)) {
            files = DatasetFolder.shards(path, format, split);
        } else if (split.isPresent()) {
            throw CliException.usage("--split: %s is a file; a folder of files has splits.".formatted(path));
        }
        String name = files.get(0).getFileName().toString();
        Corpus corpus = new Corpus(files, format.orElseGet(() -> CorpusFormat.of(name)), columns);
        if (!corpus.format.hasColumns() && !columns.equals(CorpusColumns.TEXT)) {
            throw CliException.usage(
                    "%s has a text in each line, and no columns; leave out the options that name columns."
                            .formatted(path));
        }
        return corpus;
    }

    /** Reads it from its beginning. The caller closes the reader. */
    public CorpusReader open() {
        return new ShardReader(this);
    }

    FileRows open(Path file) throws IOException {
        return switch (format) {
            case TEXT -> new LineRows(CompressedFile.open(file), LineRows.text());
            case JSONL -> new LineRows(CompressedFile.open(file), new JsonRow(columns));
            case CSV, TSV -> CsvRows.open(CompressedFile.open(file), format.separator(), columns);
            case PARQUET -> ParquetRows.open(file, columns);
        };
    }

    /** The lines of its only file, decompressed. */
    public TextLines lines() throws IOException {
        return new TextLines(CompressedFile.open(files.get(0)));
    }
}
