package dev.stratalens.cli.batch;

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
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A file of prompts. It is read several times, so that all of it is checked before any of it is computed. */
public final class PromptFile implements Closeable {

    /** Of what is wrong, as much as one looks at. */
    private static final int MOST_FAULTS = 5;

    private final String name;
    private final Path path;
    private final boolean temporary;
    private final PromptFormat format;
    private final LensSettings defaults;

    private PromptFile(String name, Path path, boolean temporary, PromptFormat format, LensSettings defaults) {
        this.name = name;
        this.path = path;
        this.temporary = temporary;
        this.format = format;
        this.defaults = defaults;
    }

    /**
     * The prompts that an argument names. What can be read only once, standard input or a pipe, is copied to a temporary
     * file that {@link #close} deletes.
     *
     * @param argument a path, or {@code -} for standard input
     * @param format null: by the name
     * @param defaults what to compute where a line says nothing else
     * @throws CliException if there is no such file
     */
    public static PromptFile of(
            String argument, InputStream standardInput, @Nullable PromptFormat format, LensSettings defaults)
            throws IOException {
        if (argument.equals("-")) {
            return new PromptFile(
                    "standard input",
                    copy(standardInput),
                    true,
                    format == null ? PromptFormat.JSONL : format,
                    defaults);
        }
        Path path = Path.of(argument);
        if (!Files.isReadable(path) || Files.isDirectory(path)) {
            throw CliException.usage(
                    "there is no file %s to read. Give a file with a prompt a line, or - for standard input."
                            .formatted(path));
        }
        PromptFormat known = format == null ? PromptFormat.of(argument) : format;
        if (Files.isRegularFile(path)) {
            return new PromptFile(argument, path, false, known, defaults);
        }
        try (InputStream in = Files.newInputStream(path)) {
            return new PromptFile(argument, copy(in), true, known, defaults);
        }
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
            throw CliException.usage("%s: the id \"%s\" is that of line %d, too; give each prompt its own."
                    .formatted(place(prompt.line()), prompt.id(), first));
        }
        try {
            further.accept(prompt);
        } catch (CliException e) {
            throw new CliException(ExitCode.USAGE, "%s: %s".formatted(place(prompt.line()), e.getMessage()), e);
        }
        return true;
    }

    /** Whether this is that file. */
    public boolean isSame(Path other) throws IOException {
        return Files.exists(other) && Files.isSameFile(path, other);
    }

    /** A line of it, in words. */
    public String place(int line) {
        return "%s, line %d".formatted(name, line);
    }

    /** Where it can be read. */
    public Path path() {
        return path;
    }

    /** How its lines are read. */
    public PromptFormat format() {
        return format;
    }

    /** What to compute where a line says nothing else. */
    public LensSettings defaults() {
        return defaults;
    }

    @Override
    public void close() throws IOException {
        if (temporary) {
            Files.deleteIfExists(path);
        }
    }
}
