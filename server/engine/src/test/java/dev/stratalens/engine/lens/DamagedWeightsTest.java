package dev.stratalens.engine.lens;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stratalens.engine.checkpoint.TensorInfo;
import dev.stratalens.engine.checkpoint.reader.CheckpointReader;
import dev.stratalens.engine.error.InvalidCheckpointException;
import dev.stratalens.engine.error.InvalidCheckpointException.Problem;
import dev.stratalens.engine.fake.FakeTokenizer;
import dev.stratalens.engine.fake.ReadPoints;
import dev.stratalens.engine.lens.plan.LensPlan;
import dev.stratalens.engine.lens.request.RequestedLens;
import dev.stratalens.engine.lens.request.Statistic;
import dev.stratalens.engine.model.CausalLanguageModel;
import dev.stratalens.engine.model.Precision;
import dev.stratalens.engine.parity.ParityCase;
import dev.stratalens.engine.parity.ParityCases;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Unusual but valid weights are read; invalid weights are an error. */
class DamagedWeightsTest {

    private static final String WEIGHTS = "model.safetensors";
    private static final String NORM = "model.norm.weight";

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
    void notANumberAmongTheWeightsIsAnErrorThatNamesTheTensor() throws IOException {
        overwriteTheFinalNorm(1, Float.NaN);

        var failure = assertThrows(InvalidCheckpointException.class, () -> logSumExps(directory));

        assertEquals(Problem.CORRUPT, failure.problem());
        assertEquals(WEIGHTS, failure.file());
        assertEquals(List.of(NORM), failure.offenders());
        assertTrue(failure.getMessage().contains("holds NaN or infinity"), failure.getMessage());
    }

    @Test
    void weightsThatOverflowAreAnErrorAndNotALens() throws IOException {
        overwriteTheFinalNorm(Integer.MAX_VALUE, Float.MAX_VALUE);

        var failure = assertThrows(InvalidCheckpointException.class, () -> logSumExps(directory));

        assertEquals(Problem.OVERFLOW, failure.problem());
        assertEquals(WEIGHTS, failure.file());
        assertTrue(failure.getMessage().contains("overflows"), failure.getMessage());
    }

    private void overwriteTheFinalNorm(int count, float number) throws IOException {
        TensorInfo norm = Objects.requireNonNull(
                CheckpointReader.open(directory).tensors().get(NORM));
        Path file = directory.resolve(WEIGHTS);
        byte[] bytes = Files.readAllBytes(file);
        ByteBuffer weights = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < Math.min(count, norm.elementCount()); i++) {
            weights.putFloat((int) norm.offset() + i * Float.BYTES, number);
        }
        Files.write(file, bytes);
    }

    /** Reading a page that is no longer in the file would end the process. */
    @Test
    void aFileThatIsShortenedWhileItIsUsedIsAnErrorThatNamesIt() throws IOException {
        Path file = directory.resolve(WEIGHTS);
        try (LoadedModel lens = open(directory)) {
            logSumExps(lens);
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                channel.truncate(4096);
            }

            assertChanged(Problem.TRUNCATED, lens);
        }
    }

    @Test
    void aFileThatIsWrittenToWhileItIsUsedIsAnErrorThatNamesIt() throws IOException {
        Path file = directory.resolve(WEIGHTS);
        try (LoadedModel lens = open(directory)) {
            Files.write(file, new byte[(int) Files.size(file)]);
            Files.setLastModifiedTime(file, FileTime.from(Instant.now().plusSeconds(1)));

            assertChanged(Problem.CORRUPT, lens);
        }
    }

    @Test
    void aFileThatIsReplacedOrDeletedIsReadOnAsItWas() throws IOException {
        Path file = directory.resolve(WEIGHTS);
        try (LoadedModel lens = open(directory)) {
            float[] before = logSumExps(lens);
            Path other = Files.write(directory.resolve("other"), new byte[10]);
            Files.move(other, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
            assertArrayEquals(before, logSumExps(lens));
            Files.delete(file);
            assertArrayEquals(before, logSumExps(lens));
        }
    }

    private void assertChanged(Problem problem, LoadedModel lens) {
        var failure = assertThrows(InvalidCheckpointException.class, () -> logSumExps(lens));
        assertEquals(problem, failure.problem());
        assertEquals(WEIGHTS, failure.file());
    }

    private static LoadedModel open(Path model) {
        var loaded = CausalLanguageModel.load(CheckpointReader.open(model), Precision.FLOAT32, (done, total) -> {});
        return LoadedModel.of("model", loaded, new FakeTokenizer(), 1 << 20, 1);
    }

    private float[] logSumExps(Path model) {
        try (LoadedModel lens = open(model)) {
            return logSumExps(lens);
        }
    }

    private float[] logSumExps(LoadedModel lens) {
        var result = new RecordingListener();
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
        return result.layers.get(0).columns().of(Statistic.LOG_SUM_EXP);
    }
}
