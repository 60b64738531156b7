package dev.stratalens.cli.batch;

import dev.stratalens.cli.corpus.Corpus;
import dev.stratalens.cli.corpus.CorpusFormat;
import dev.stratalens.cli.corpus.CorpusSelection;
import dev.stratalens.cli.failure.CliException;
import dev.stratalens.cli.failure.ExitCode;
import dev.stratalens.cli.input.LensSettings;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Prompts: lines that say themselves what is computed, or rows of a corpus. They are read several times, so that all are checked
 * before any is computed.
 */
public final class PromptFile implements Closeable {

    /** Of what is wrong, as much as one looks at. */
    private static final int MOST_FAULTS = 5;

    private final String name;
    private final Corpus corpus;
    private final Kind kind;
    private final Optional<Path> temporary;
    private final LensSettings defaults;

    /** What the files have. */
    private enum Kind {
        PROMPTS("line"),
        ROWS("row");

        private final String unit;

        Kind(String unit) {
            this.unit = unit;
        }
    }

    private PromptFile(String name, Corpus corpus, Kind kind, Optional<Path> temporary, LensSettings defaults) {
        this.name = name;
        this.corpus = corpus;
        this.kind = kind;
        this.temporary = temporary;
        this.defaults = defaults;
    }

    /**
     * The prompts that an argument names. What can be read only once, standard input or a pipe, is copied to a temporary
     * file that {@link #close} deletes.
     *
     * @param argument a path, or {@code -} for standard input
     * @param selection how it is read. A file of lines has prompts unless columns are named; all else has rows
     * @param defaults what to compute where a line says nothing else
     * @throws CliException if there is no such file
     */
    public static PromptFile of(
            String argument, InputStream standardInput, CorpusSelection selection, LensSettings defaults)
            throws IOException {
        if (argument.equals("-")) {
            return of("standard input", copy(standardInput), true, selection, defaults);
        }
        Path path = Path.of(argument);
        if (!Files.isReadable(path)) {
            throw CliException.usage(
                    "there is no file %s to read. Give a file with a prompt a line, or - for standard input."
                            .formatted(path));
        }
        if (Files.isRegularFile(path) || Files.isDirectory(path)) {
            return of(argument, path, false, selection, defaults);
        }
        try (InputStream in = Files.newInputStream(path)) {
            return of(argument, copy(in), true, selection, defaults);
        }
    }

    private static PromptFile of(
            String name, Path path, boolean temporary, CorpusSelection selection, LensSettings defaults)
            throws IOException {
        Corpus corpus = Corpus.of(
                path, temporary && selection.format().isEmpty() ? selection.as(CorpusFormat.of(name)) : selection);
        boolean lines = corpus.format() == CorpusFormat.JSONL || corpus.format() == CorpusFormat.TEXT;
        Kind kind = lines && selection.columns().isEmpty() && !Files.isDirectory(path) ? Kind.PROMPTS : Kind.ROWS;
        return new PromptFile(name, corpus, kind, temporary ? Optional.of(path) : Optional.empty(), defaults);
    }

    private static Path copy(InputStream in) throws IOException {
        Path copy = Files.createTempFile("stratalens-", ".prompts");
        copy.toFile().deleteOnExit();
        Files.copy(in, copy, StandardCopyOption.REPLACE_EXISTING);
        return copy;
    }

    /** As the other method of this name, without a check of what is in the lines. */
    public int check() throws IOException {
        return check(prompt -> {});
    }

    /**
     * Reads all of it and counts the prompts.
     *
     * @param further checks a prompt, and throws a CliException if it is wrong
     * @throws CliException if lines are wrong or an id occurs twice; names the first few
     */
    public int check(Consumer<BatchPrompt> further) throws IOException {
        Map<String, Integer> lines = new HashMap<>();
        List<String> faults = new ArrayList<>();
        try (PromptLines reader = new PromptLines(this)) {
            boolean more = true;
            while (more && faults.size() < MOST_FAULTS) {
                try {
                    more = checkNext(reader, lines, further);
                } catch (CliException e) {
                    faults.add(e.getMessage());
                }
            }
        }
        if (!faults.isEmpty()) {
            throw CliException.usage(String.join(System.lineSeparator(), faults));
        }
        if (lines.isEmpty()) {
            throw CliException.usage("%s has no prompt.".formatted(name));
        }
        return lines.size();
    }

    private boolean checkNext(PromptLines reader, Map<String, Integer> lines, Consumer<BatchPrompt> further)
            throws IOException {
        BatchPrompt prompt = reader.next();
        if (prompt == null) {
            return false;
        }
        Integer first = lines.putIfAbsent(prompt.id(), prompt.line());
        if (first != null) {
            throw CliException.usage("%s: the id \"%s\" is that of %s %d, too; give each prompt its own."
                    .formatted(place(prompt.line()), prompt.id(), kind.unit, first));
        }
        try {
            further.accept(prompt);
        } catch (CliException e) {
            throw new CliException(ExitCode.USAGE, "%s: %s".formatted(place(prompt.line()), e.getMessage()), e);
        }
        return true;
    }

    /** Whether it has that file or folder. */
    public boolean isSame(Path other) throws IOException {
        for (Path file : corpus.files()) {
            if (Files.exists(other)
                    && (Files.isSameFile(file, other)
                            || Files.isSameFile(file.toAbsolutePath().getParent(), other))) {
                return true;
            }
        }
        return false;
    }

    /** A line or row of it, in words. */
    public String place(int line) {
        return "%s, %s %d".formatted(name, kind.unit, line);
    }

    /** The files, in order. */
    public List<Path> files() {
        return corpus.files();
    }

    /** How they are read: the format, and the columns if they are rows. */
    public String reading() {
        return kind == Kind.PROMPTS
                ? corpus.format().name()
                : "%s %s".formatted(corpus.format().name(), corpus.columns());
    }

    /** Whether a line says what is computed; else rows have values in columns. */
    boolean hasPrompts() {
        return kind == Kind.PROMPTS;
    }

    Corpus corpus() {
        return corpus;
    }

    /** What to compute where a line says nothing else. */
    public LensSettings defaults() {
        return defaults;
    }

    @Override
    public void close() throws IOException {
        if (temporary.isPresent()) {
            Files.deleteIfExists(temporary.get());
        }
    }
}
