package dev.stratalens.engine.lens.transport;

import dev.stratalens.engine.checkpoint.SafetensorsFile;
import dev.stratalens.engine.checkpoint.SafetensorsWriter;
import dev.stratalens.engine.checkpoint.SafetensorsWriter.Numbers;
import dev.stratalens.engine.checkpoint.StoredBytes;
import dev.stratalens.engine.checkpoint.TensorInfo;
import dev.stratalens.engine.error.InvalidCheckpointException;
import dev.stratalens.engine.error.InvalidCheckpointException.Problem;
import dev.stratalens.engine.lens.plan.ReadPoint;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The product's own form of a fitted lens: a safetensors file whose metadata say everything that other forms leave to the reader. The
 * tensors are {@code embedding.matrix} and {@code layer.L.matrix} for the output of block L, each [d, d], and {@code .bias}, [d].
 */
public final class LensFile {

    private static final String FORMAT = "format";
    private static final String VERSION = "stratalens-lens-1";
    private static final String FORM = "form";
    private static final String MATRIX = "matrix";
    private static final String BIAS = "bias";
    private static final Pattern NAME = Pattern.compile("(embedding|layer\\.(\\d{1,6}))\\.(matrix|bias)");
    private static final int CHUNK_BYTES = 1 << 20;

    private LensFile() {}

    /**
     * Reads a lens.
     *
     * @throws InvalidCheckpointException if the file is missing, damaged, or no lens
     */
    static FittedLens read(Path file) {
        SafetensorsFile.Contents contents = SafetensorsFile.open(file);
        Map<String, String> facts = contents.metadata();
        if (!VERSION.equals(facts.get(FORMAT))) {
            throw InvalidCheckpointException.of(
                    Problem.CONFIGURATION,
                    file,
                    "is no lens: its metadata do not have \"%s\": \"%s\"".formatted(FORMAT, VERSION));
        }
        var matrices = new TreeMap<ReadPoint, TensorInfo>();
        var biases = new TreeMap<ReadPoint, TensorInfo>();
        contents.tensors().forEach((name, tensor) -> {
            Matcher parts = NAME.matcher(name);
            if (!parts.matches()) {
                throw InvalidCheckpointException.ofTensor(
                        Problem.TENSORS, String.valueOf(file.getFileName()), name, "is not known in a lens");
            }
            ReadPoint point =
                    parts.group(2) == null ? ReadPoint.EMBEDDING : ReadPoint.layer(Integer.parseInt(parts.group(2)));
            (parts.group(3).equals(MATRIX) ? matrices : biases).put(point, tensor);
        });
        if (matrices.isEmpty() || !matrices.keySet().containsAll(biases.keySet())) {
            throw InvalidCheckpointException.of(Problem.TENSORS, file, "has no matrix, or a bias without its matrix");
        }
        var maps = new TreeMap<ReadPoint, AffineMap>();
        matrices.forEach(
                (point, matrix) -> maps.put(point, new AffineMap(matrix, Optional.ofNullable(biases.get(point)))));
        return FittedLens.of(form(file, facts), maps, origin(file, facts));
    }

    private static MapForm form(Path file, Map<String, String> facts) {
        String form = facts.getOrDefault(FORM, "");
        for (MapForm known : MapForm.values()) {
            if (known.name().toLowerCase(Locale.ROOT).equals(form)) {
                return known;
            }
        }
        throw InvalidCheckpointException.of(
                Problem.CONFIGURATION, file, "has the form \"%s\"; known are residual and plain".formatted(form));
    }

    private static LensOrigin origin(Path file, Map<String, String> facts) {
        return new LensOrigin(
                facts.getOrDefault("fitted_by", ""),
                facts.getOrDefault("model", ""),
                facts.getOrDefault("revision", ""),
                facts.getOrDefault("unembedding_sha256", ""),
                number(file, facts, "prompts"),
                number(file, facts, "skipped_positions"));
    }

    private static long number(Path file, Map<String, String> facts, String name) {
        String text = facts.getOrDefault(name, "0");
        if (!text.matches("\\d{1,18}")) {
            throw InvalidCheckpointException.of(
                    Problem.CONFIGURATION, file, "has \"%s\": \"%s\", which is no number".formatted(name, text));
        }
        return Long.parseLong(text);
    }

    /**
     * The numbers of one map, to be written.
     *
     * @param matrix [d, d]
     * @param bias [d]; empty for none
     */
    public record MapNumbers(Numbers matrix, Optional<Numbers> bias) {}

    /** Writes a lens; its numbers are copied as they are stored. */
    public static void write(FittedLens lens, OutputStream out) throws IOException {
        try (StoredBytes stored = new StoredBytes()) {
            var maps = new TreeMap<ReadPoint, MapNumbers>();
            lens.maps()
                    .forEach((point, map) -> maps.put(
                            point,
                            new MapNumbers(
                                    copied(stored, map.matrix()), map.bias().map(bias -> copied(stored, bias)))));
            write(lens.form(), lens.origin(), maps, out);
        }
    }

    private static Numbers copied(StoredBytes stored, TensorInfo tensor) {
        return new Numbers(tensor.type(), tensor.shape(), out -> copy(stored, tensor, out));
    }

    private static void copy(StoredBytes stored, TensorInfo tensor, OutputStream out) throws IOException {
        for (long done = 0; done < tensor.byteCount(); done += CHUNK_BYTES) {
            int count = (int) Math.min(CHUNK_BYTES, tensor.byteCount() - done);
            out.write(stored.read(tensor.file(), tensor.offset() + done, count).array());
        }
    }

    /**
     * Writes a lens from its parts.
     *
     * @param maps by read point, in order of depth
     */
    public static void write(MapForm form, LensOrigin origin, SortedMap<ReadPoint, MapNumbers> maps, OutputStream out)
            throws IOException {
        Map<String, Numbers> tensors = new LinkedHashMap<>();
        maps.forEach((point, map) -> {
            String name = point.equals(ReadPoint.EMBEDDING) ? "embedding." : "layer." + point.block() + ".";
            tensors.put(name + MATRIX, map.matrix());
            map.bias().ifPresent(bias -> tensors.put(name + BIAS, bias));
        });
        SafetensorsWriter.write(facts(form, origin), tensors, out);
    }

    private static Map<String, String> facts(MapForm form, LensOrigin origin) {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put(FORMAT, VERSION);
        facts.put(FORM, form.name().toLowerCase(Locale.ROOT));
        facts.put("fitted_by", origin.fittedBy());
        facts.put("model", origin.model());
        facts.put("revision", origin.revision());
        facts.put("unembedding_sha256", origin.unembeddingHash());
        facts.put("prompts", Long.toString(origin.prompts()));
        facts.put("skipped_positions", Long.toString(origin.skippedPositions()));
        facts.values().removeIf(value -> value.isEmpty() || value.equals("0"));
        return facts;
    }
}
