package dev.stratalens.cli.table;

import dev.stratalens.cli.batch.BatchFile;
import dev.stratalens.cli.batch.BatchOutput;
import dev.stratalens.cli.batch.BatchPrompt;
import dev.stratalens.cli.batch.ResultLine;
import dev.stratalens.cli.corpus.TextLines;
import dev.stratalens.cli.failure.CliException;
import dev.stratalens.client.error.LensException;
import dev.stratalens.client.model.ModelFacts;
import dev.stratalens.client.result.LensResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A folder of Parquet files with the results of a batch. A Parquet file can be read only once it is whole, so a result is first a
 * line of {@code _journal.jsonl}, which a killed program leaves. When a part is whole, it gets its name, and the journal is
 * emptied; a line whose prompt is in a part is left from a program that was killed between the two. Failures are lines of
 * {@code _failures.jsonl}. Readers of Parquet folders pass over names that begin with {@code _}. Not thread-safe.
 */
public final class TableFolder implements BatchOutput {

    static final String JOURNAL = "_journal.jsonl";
    static final String FAILURES = "_failures.jsonl";
    private static final String UNFINISHED = "_part.parquet";

    private static final Pattern OWN = Pattern.compile("part-\\d{5,}\\.parquet|_.*|\\..*");

    private final Path folder;
    private final TableLayout layout;
    private final BatchFile journal;
    private final BatchFile failures;
    private final WrittenParts parts;
    /** Of prompts in the journal, which does not have them. */
    private final Map<String, String> types = new HashMap<>();

    private Map<String, String> facts = Map.of();
    private @Nullable TablePart part;

    private TableFolder(Path folder, TableLayout layout, BatchFile journal, BatchFile failures, WrittenParts parts) {
        this.folder = folder;
        this.layout = layout;
        this.journal = journal;
        this.failures = failures;
        this.parts = parts;
    }

    /**
     * Opens a folder, made if it is not there, and looks at what it has.
     *
     * @throws CliException if it cannot be written, is in use, or has something that this command does not write
     */
    public static TableFolder open(Path folder, TableLayout layout) throws IOException {
        prepare(folder);
        BatchFile journal = BatchFile.open(folder.resolve(JOURNAL));
        try {
            WrittenParts parts = WrittenParts.read(folder, layout);
            return new TableFolder(folder, layout, journal, BatchFile.open(folder.resolve(FAILURES)), parts);
        } catch (IOException | RuntimeException e) {
            journal.close();
            throw e;
        }
    }

    private static void prepare(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            Path parent = folder.toAbsolutePath().getParent();
            if (parent == null || !Files.isDirectory(parent)) {
                throw CliException.usage(
                        "--output: the directory of %s does not exist; make it first.".formatted(folder));
            }
            Files.createDirectory(folder);
        }
        if (!Files.isDirectory(folder)) {
            throw CliException.usage(
                    "--output: %s is a file; a table is a folder of Parquet files. Name another.".formatted(folder));
        }
        try (Stream<Path> files = Files.list(folder)) {
            Optional<Path> other = files.filter(
                            file -> !OWN.matcher(file.getFileName().toString()).matches())
                    .findFirst();
            if (other.isPresent()) {
                throw CliException.usage("--output: %s has %s, which is no part of a table; name another folder."
                        .formatted(folder, other.get().getFileName()));
            }
        }
    }

    @Override
    public Optional<ResultLine> earlier(BatchPrompt prompt) {
        Optional<ResultLine> waiting = journal.earlier(prompt);
        if (waiting.isPresent()) {
            types.put(prompt.id(), prompt.type());
        }
        return parts.of(prompt.id()).or(() -> waiting).or(() -> failures.earlier(prompt));
    }

    @Override
    public void begin(Set<String> again, ModelFacts model) throws IOException {
        facts = TableFacts.of(layout.rows(), model);
        parts.require(facts);
        failures.begin(again);
        Set<String> written = new HashSet<>(journal.earlier().keySet());
        written.removeIf(id -> parts.of(id).isEmpty());
        journal.begin(written);
        try (TextLines lines = new TextLines(Files.newInputStream(folder.resolve(JOURNAL)))) {
            for (String line = lines.next(); line != null; line = lines.next()) {
                ResultLine head = ResultLine.read(line).orElseThrow();
                String type = types.getOrDefault(head.id(), "");
                part().add(new ResultCell.Asked(head.id(), head.fingerprint(), type), ResultLine.result(line));
            }
        }
        types.clear();
    }

    private TablePart part() throws IOException {
        if (part == null) {
            part = TablePart.create(folder.resolve(UNFINISHED), layout, facts);
        }
        return part;
    }

    @Override
    public void add(BatchPrompt prompt, String fingerprint, LensResult result) throws IOException {
        journal.add(prompt, fingerprint, result);
        part().add(ResultCell.Asked.of(prompt, fingerprint), result);
        if (part().isFull()) {
            publish();
        }
    }

    @Override
    public void add(BatchPrompt prompt, String fingerprint, LensException failure) throws IOException {
        failures.add(prompt, fingerprint, failure);
    }

    private void publish() throws IOException {
        if (part != null) {
            part.publish(parts.next());
            part = null;
            parts.published();
            journal.clear();
        }
    }

    @Override
    public void complete() throws IOException {
        publish();
        Files.delete(folder.resolve(JOURNAL));
        if (Files.size(folder.resolve(FAILURES)) == 0) {
            Files.delete(folder.resolve(FAILURES));
        }
    }

    @Override
    public void close() throws IOException {
        if (part != null) {
            part.close();
        }
        journal.close();
        failures.close();
    }
}
