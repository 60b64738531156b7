package dev.stratalens.engine.lens.fit;

import static java.util.Objects.requireNonNull;

import dev.stratalens.engine.checkpoint.SafetensorsFile;
import dev.stratalens.engine.checkpoint.SafetensorsWriter;
import dev.stratalens.engine.checkpoint.SafetensorsWriter.Numbers;
import dev.stratalens.engine.checkpoint.StoredBytes;
import dev.stratalens.engine.checkpoint.StoredType;
import dev.stratalens.engine.checkpoint.TensorInfo;
import dev.stratalens.engine.error.InvalidCheckpointException;
import dev.stratalens.engine.error.InvalidCheckpointException.Problem;
import dev.stratalens.engine.model.Head;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** The state of a fit in a file, from which it goes on. The file is either that of one moment, or of another. */
final class FitCheckpoint {

    private static final String FORMAT = "format";
    private static final String VERSION = "stratalens-fit-1";
    private static final String SETTINGS = "settings";
    private static final int CHUNK_BYTES = 1 << 24;

    private final Path file;
    private final String settings;

    /** @param settings all that the result depends on, in words; a checkpoint with others is refused */
    FitCheckpoint(Path file, String settings) {
        this.file = file;
        this.settings = settings;
    }

    /** @param head on the device of the fit */
    void write(OngoingFit fit, Head head) throws IOException {
        var tensors = new LinkedHashMap<String, Numbers>();
        fit.state()
                .forEach((name, part) -> tensors.put(
                        name, new Numbers(StoredType.F32, part.shape(), TensorBytes.of(head, part.tensor()))));
        var facts = new LinkedHashMap<String, String>();
        facts.put(FORMAT, VERSION);
        facts.put(SETTINGS, settings);
        facts.putAll(fit.counters());
        WholeFile.write(file, out -> SafetensorsWriter.write(facts, tensors, out));
    }

    /**
     * Sets a fit to the state of the file.
     *
     * @throws InvalidCheckpointException if the file is damaged, or of a fit with other settings
     */
    void read(OngoingFit fit) {
        SafetensorsFile.Contents contents = SafetensorsFile.open(file);
        Map<String, String> facts = contents.metadata();
        if (!VERSION.equals(facts.get(FORMAT))) {
            throw InvalidCheckpointException.of(Problem.CONFIGURATION, file, "is no checkpoint of a fit");
        }
        if (!settings.equals(facts.get(SETTINGS))) {
            throw InvalidCheckpointException.of(
                    Problem.CONFIGURATION,
                    file,
                    "belongs to a fit with other settings: \"%s\", here \"%s\". Give those, or another --output"
                            .formatted(facts.get(SETTINGS), settings));
        }
        Map<String, OngoingFit.Part> state = fit.state();
        if (!contents.tensors().keySet().equals(state.keySet())) {
            throw InvalidCheckpointException.of(Problem.TENSORS, file, "has other tensors than this fit");
        }
        try (StoredBytes bytes = new StoredBytes()) {
            state.forEach((name, part) ->
                    copy(bytes, requireNonNull(contents.tensors().get(name)), part, fit));
        }
        fit.resume(facts);
    }

    private static void copy(StoredBytes bytes, TensorInfo from, OngoingFit.Part to, OngoingFit fit) {
        if (from.type() != StoredType.F32 || !Arrays.equals(from.shape(), to.shape())) {
            throw InvalidCheckpointException.ofTensor(
                    Problem.TENSORS, String.valueOf(from.file().getFileName()), from.name(), "has another shape");
        }
        var numbers = new float[Math.toIntExact(from.byteCount() / Float.BYTES)];
        for (long done = 0; done < from.byteCount(); done += CHUNK_BYTES) {
            int count = (int) Math.min(CHUNK_BYTES, from.byteCount() - done);
            bytes.read(from.file(), from.offset() + done, count)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .asFloatBuffer()
                    .get(numbers, (int) (done / Float.BYTES), count / Float.BYTES);
        }
        fit.set(to, numbers);
    }
}
