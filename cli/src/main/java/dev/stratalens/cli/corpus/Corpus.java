package dev.stratalens.cli.corpus;

import dev.stratalens.cli.failure.CliException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

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
     * A file, or the files of a folder.
     *
     * @param selection without columns, texts are read
     * @throws CliException if there is none, or it is not clear which files are meant
     */
    public static Corpus of(Path path, CorpusSelection selection) throws IOException {
        Corpus corpus = Files.isDirectory(path) ? DatasetFolder.corpus(path, selection) : ofFile(path, selection);
        if (!corpus.format.hasColumns() && !corpus.columns.equals(CorpusColumns.TEXT)) {
            throw CliException.usage(
                    "%s has a text in each line, and no columns; leave out the options that name columns."
                            .formatted(path));
        }
        return corpus;
    }

    private static Corpus ofFile(Path path, CorpusSelection selection) {
        if (selection.split().isPresent() || selection.config().isPresent()) {
            throw CliException.usage("%s: %s is a file; a folder of files has %s."
                    .formatted(
                            selection.split().isPresent() ? "--split" : "--config",
                            path,
                            selection.split().isPresent() ? "splits" : "configurations"));
        }
        String name = path.getFileName().toString();
        return new Corpus(
                List.of(path),
                selection.format().orElseGet(() -> CorpusFormat.of(name)),
                selection.columns().orElse(CorpusColumns.TEXT));
    }

    /** Reads it from its beginning. The caller closes the reader. */
    public CorpusReader open() {
        return new ShardReader(this);
    }

    FileRows open(Path file) throws IOException {
        return switch (format) {
            case TEXT -> new LineRows(CompressedFile.open(file), LineRows.text());
            case JSONL -> JsonRows.open(CompressedFile.open(file), columns);
            case CSV, TSV -> CsvRows.open(CompressedFile.open(file), format.separator(), columns);
            case PARQUET -> ParquetRows.open(file, columns);
        };
    }

    /** The lines of its only file, decompressed. */
    public TextLines lines() throws IOException {
        return new TextLines(CompressedFile.open(files.get(0)));
    }
}
