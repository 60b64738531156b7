package dev.stratalens.engine.lens;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.stratalens.engine.checkpoint.TensorInfo;
import dev.stratalens.engine.checkpoint.reader.CheckpointReader;
import dev.stratalens.engine.error.InvalidCheckpointException;
import dev.stratalens.engine.fake.FakeTokenizer;
import dev.stratalens.engine.fake.ReadPoints;
import dev.stratalens.engine.lens.plan.LensPlan;
import dev.stratalens.engine.lens.plan.RequestedLens;
import dev.stratalens.engine.lens.plan.Statistic;
import dev.stratalens.engine.model.CausalLanguageModel;
import dev.stratalens.engine.model.Precision;
import dev.stratalens.engine.parity.ParityCase;
import dev.stratalens.engine.parity.ParityCases;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Weights that are odd but right are read; weights that are wrong are an error and not a lens. */
class DamagedWeightsTest {

    private static final String WEIGHTS = "model.safetensors";

    private final ParityCase parity = ParityCases.named("llama");

    @TempDir
    private Path directory;

    @BeforeEach
    void copyCheckpoint() throws IOException {
        try (Stream<Path> files = Files.list(parity.modelDirectory())) {
            for (Path file : files.toList()) {
                Files.copy(file, directory.resolve(file.getFileName().toString()));
            }
        }
    }

    /** Writers before 0.3 of the format did not pad the header. */
    @Test
    void tensorsThatAreNotAlignedAreReadAllTheSame() throws IOException {
        Path file = directory.resolve(WEIGHTS);
        ByteBuffer old = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        int header = (int) old.getLong();
        ByteBuffer shifted = ByteBuffer.allocate(old.capacity() + 1).order(ByteOrder.LITTLE_ENDIAN);
        shifted.putLong(header + 1L);
        shifted.put(old.array(), Long.BYTES, header).put((byte) ' ');
        shifted.put(old.array(), Long.BYTES + header, old.capacity() - Long.BYTES - header);
        Files.write(file, shifted.array());

        assertArrayEquals(logSumExps(parity.modelDirectory()), logSumExps(directory));
    }

    @Test
    void notANumberAmongTheWeightsIsAnError() throws IOException {
        TensorInfo norm = Objects.requireNonNull(
                CheckpointReader.open(directory).tensors().get("model.norm.weight"));
        Path file = directory.resolve(WEIGHTS);
        byte[] bytes = Files.readAllBytes(file);
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putFloat((int) norm.offset(), Float.NaN);
        Files.write(file, bytes);

        assertThrows(InvalidCheckpointException.class, () -> logSumExps(directory));
    }

    private float[] logSumExps(Path model) {
        var result = new RecordingListener();
        var loaded = CausalLanguageModel.load(CheckpointReader.open(model), Precision.FLOAT32, (done, total) -> {});
        try (LoadedModel lens = LoadedModel.of("model", loaded, new FakeTokenizer(), 1 << 20, 1)) {
            lens.run(
                    new LensPlan(
                            parity.tokenIds(),
                            List.of(new RequestedLens.Logit()),
                            ReadPoints.layers(parity.layers() - 1),
                            IntStream.range(0, parity.tokens()).toArray(),
                            1,
                            List.of(),
                            Set.of(Statistic.LOG_SUM_EXP),
                            OptionalDouble.empty()),
                    result,
                    () -> false);
        }
        return result.layers.get(0).columns().of(Statistic.LOG_SUM_EXP);
    }
}
