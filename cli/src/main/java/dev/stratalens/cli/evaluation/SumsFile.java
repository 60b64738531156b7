package dev.stratalens.cli.evaluation;

import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonWriter;
import dev.stratalens.cli.batch.PromptFile;
import dev.stratalens.cli.failure.CliException;
import dev.stratalens.cli.failure.ExitCode;
import dev.stratalens.client.model.ModelInfo;
import dev.stratalens.client.request.Lens;
import dev.stratalens.report.evaluation.EvaluationMeasure;
import dev.stratalens.report.evaluation.EvaluationMeasure.Kind;
import dev.stratalens.report.evaluation.EvaluationSeries;
import dev.stratalens.report.evaluation.EvaluationSums;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** Keeps the sums of an evaluation, so that a run which was stopped can go on; or keeps nothing. Not thread-safe. */
final class SumsFile {

    private static final String FORMAT = "stratalens-sums/1";

    private final @Nullable Path path;
    private final long nanosBetween;
    private String fingerprint = "";
    private long savedAt = System.nanoTime();

    /**
     * A file that need not exist.
     *
     * @param path null keeps nothing
     * @param between least time between two savings
     */
    SumsFile(@Nullable Path path, Duration between) {
        this.path = path;
        this.nanosBetween = between.toNanos();
    }

    /**
     * What an earlier run kept, or nothing.
     *
     * @throws CliException if the file is of another evaluation
     */
    EvaluationState open(PromptFile prompts, ModelInfo model, String settings) throws IOException {
        if (path == null) {
            return EvaluationState.begin();
        }
        Path directory = path.toAbsolutePath().getParent();
        if (directory == null || !Files.isDirectory(directory)) {
            throw CliException.usage("--sums: the directory of %s does not exist; make it first.".formatted(path));
        }
        fingerprint = fingerprint(prompts, model, settings);
        if (!Files.exists(path)) {
            return EvaluationState.begin();
        }
        try (Reader in = Files.newBufferedReader(path)) {
            return read(new JsonReader(in));
        } catch (IOException | IllegalStateException | IllegalArgumentException e) {
            throw new CliException(
                    ExitCode.USAGE,
                    "--sums: %s was not written by this command; name another file.".formatted(path),
                    e);
        }
    }

    /** Everything that the sums depend on. */
    private static String fingerprint(PromptFile prompts, ModelInfo model, String settings) throws IOException {
        try {
            MessageDigest hash = MessageDigest.getInstance("SHA-256");
            String words = String.join(
                    "\n",
                    model.name(),
                    model.architecture(),
                    model.revision(),
                    Integer.toString(model.layers()),
                    model.storedType(),
                    model.computeType(),
                    prompts.reading(),
                    settings);
            hash.update(words.getBytes(StandardCharsets.UTF_8));
            for (Path file : prompts.files()) {
                try (InputStream in = new DigestInputStream(Files.newInputStream(file), hash)) {
                    in.transferTo(OutputStream.nullOutputStream());
                }
            }
            return HexFormat.of().formatHex(hash.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private EvaluationState read(JsonReader json) throws IOException {
        json.beginObject();
        require(json, "format", FORMAT, "is not a file of sums");
        require(json, "evaluation", fingerprint, "has the sums of another file, model or options");
        int linesDone = (int) number(json, "lines");
        int failed = (int) number(json, "failed");
        EvaluationSums sums = new EvaluationSums();
        sums.restore(number(json, "units"), number(json, "tokens"), number(json, "bytes"));
        if (!json.nextName().equals("series")) {
            throw new IllegalStateException("series are missing");
        }
        json.beginArray();
        while (json.hasNext()) {
            json.beginArray();
            Lens lens = Lens.named(json.nextString());
            int layer = json.nextInt();
            EvaluationMeasure measure =
                    new EvaluationMeasure(json.nextString(), json.nextString(), Kind.valueOf(json.nextString()));
            double[] numbers = new double[6];
            for (int i = 0; i < numbers.length; i++) {
                numbers[i] = json.nextDouble();
            }
            json.endArray();
            sums.restore(new EvaluationSeries(lens, layer, measure), numbers);
        }
        json.endArray();
        json.endObject();
        return new EvaluationState(sums, linesDone, failed);
    }

    private void require(JsonReader json, String name, String value, String otherwise) throws IOException {
        if (!json.nextName().equals(name) || !json.nextString().equals(value)) {
            throw CliException.usage("--sums: %s %s; name another file.".formatted(path, otherwise));
        }
    }

    private static long number(JsonReader json, String name) throws IOException {
        if (!json.nextName().equals(name)) {
            throw new IllegalStateException(name + " is missing");
        }
        return json.nextLong();
    }

    /** Saves if it is time. */
    void saveSometimes(EvaluationState state) throws IOException {
        if (path != null && System.nanoTime() - savedAt >= nanosBetween) {
            save(state);
        }
    }

    /** Saves whole or not at all. */
    void save(EvaluationState state) throws IOException {
        if (path == null) {
            return;
        }
        Path part = path.resolveSibling("." + path.getFileName() + ".part");
        try (Writer out = Files.newBufferedWriter(part)) {
            write(state, new JsonWriter(out));
        }
        Files.move(part, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        savedAt = System.nanoTime();
    }

    private void write(EvaluationState state, JsonWriter json) throws IOException {
        EvaluationSums sums = state.sums();
        json.beginObject().name("format").value(FORMAT).name("evaluation").value(fingerprint);
        json.name("lines").value(state.linesDone()).name("failed").value(state.failed());
        json.name("units").value(sums.units());
        json.name("tokens").value(sums.tokens()).name("bytes").value(sums.bytes());
        json.name("series").beginArray();
        sums.forEach((key, numbers) -> {
            try {
                json.beginArray().value(key.lens().name()).value(key.layer());
                json.value(key.measure().key()).value(key.measure().title());
                json.value(key.measure().kind().name());
                for (double number : numbers) {
                    json.value(number);
                }
                json.endArray();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        json.endArray().endObject();
        json.flush();
    }

    /** Whether sums are kept. */
    boolean keeps() {
        return path != null;
    }
}
