package dev.stratalens.cli.corpus;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** How texts are written in a file. */
public enum CorpusFormat {
    /** JSON objects, one a line or all in one array. */
    JSONL("jsonl|ndjson|json"),
    /** A line is a text, and its number the id. Empty lines are none. */
    TEXT("txt"),
    /** Values separated by commas, as RFC 4180 has them, below a line of names. */
    CSV("csv"),
    /** Likewise, separated by tabs. */
    TSV("tsv"),
    /** Apache Parquet. */
    PARQUET("parquet");

    private final Pattern name;

    CorpusFormat(String endings) {
        this.name = Pattern.compile(".*\\.(?:%s)".formatted(endings), Pattern.CASE_INSENSITIVE | Pattern.DOTALL);
    }

    /** What a file of this name holds: JSON lines if the ending does not say. */
    public static CorpusFormat of(String fileName) {
        return ofEnding(fileName).orElse(JSONL);
    }

    /** What the ending of a name says, before {@code .gz} or {@code .zst}; empty if it says nothing. */
    static Optional<CorpusFormat> ofEnding(String fileName) {
        String name = CompressedFile.nameWithin(fileName);
        return Stream.of(values())
                .filter(format -> format.name.matcher(name).matches())
                .findFirst();
    }

    /** Whether a file has named columns, of which one is the text. */
    public boolean hasColumns() {
        return this != TEXT;
    }

    /** What stands between the values of a row. */
    char separator() {
        return this == TSV ? '\t' : ',';
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
