package dev.stratalens.engine.lens.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stratalens.engine.checkpoint.StoredType;
import dev.stratalens.engine.checkpoint.TensorInfo;
import dev.stratalens.engine.error.InvalidCheckpointException;
import dev.stratalens.engine.lens.plan.ReadPoint;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Lenses for a model of three blocks and a width of 24. */
final class LensFilesTest {

    private static final int WIDTH = 24;
    private static final List<ReadPoint> LAYERS = List.of(ReadPoint.layer(0), ReadPoint.layer(1), ReadPoint.layer(2));

    @TempDir
    private Path folder;

    @Test
    void aJacobianLensActsOnTheOutputsOfTheBlocksThatItNames() {
        FittedLens lens = LensFiles.read(recorded("gpt2/jacobian.pt"));

        assertEquals(MapForm.PLAIN, lens.form());
        assertEquals(WIDTH, lens.width());
        assertEquals(List.of(ReadPoint.layer(0)), List.copyOf(lens.maps().keySet()));
        assertEquals(new LensOrigin("jacobian-lens", "", "", "", 100, 16), lens.origin());
        assertEquals(
                StoredType.F16, lens.maps().firstEntry().getValue().matrix().type());
    }

    @Test
    void oneOfClustersSaysForWhichModelItIs() {
        FittedLens lens = LensFiles.read(recorded("gpt2/clustered.pt"));

        assertEquals(LAYERS, List.copyOf(lens.maps().keySet()));
        assertEquals(new LensOrigin("jpp-lens", "tiny", "", "", 20, 16), lens.origin());
    }

    @ParameterizedTest
    @CsvSource({"gpt2", "llama"})
    void aTunedLensActsOnTheInputsOfBlocks(String model) {
        FittedLens lens = LensFiles.read(recorded(model + "/tuned"));

        assertEquals(MapForm.RESIDUAL, lens.form());
        assertEquals(
                List.of(ReadPoint.EMBEDDING, ReadPoint.layer(0), ReadPoint.layer(1)),
                List.copyOf(lens.maps().keySet()));
        String hash = lens.origin().unembeddingHash();
        assertTrue(hash.matches("[0-9a-f]{64}"), hash);
        assertEquals(new LensOrigin("tuned-lens", "tiny", "", hash, 0, 0), lens.origin());
    }

    @Test
    void oneOfMlxterpActsOnTheOutputsOfAllBlocks() {
        FittedLens lens = LensFiles.read(recorded("gpt2/mlxterp.npz"));

        assertEquals(MapForm.PLAIN, lens.form());
        assertEquals(LAYERS, List.copyOf(lens.maps().keySet()));
    }

    @Test
    void numbersLieWhereTheFileHasThem() throws IOException {
        TensorInfo bias = LensFiles.read(recorded("gpt2/mlxterp.npz"))
                .maps()
                .firstEntry()
                .getValue()
                .bias()
                .orElseThrow();

        try (RandomAccessFile file = new RandomAccessFile(bias.file().toFile(), "r")) {
            file.seek(bias.offset());
            assertEquals(-0.1f, Float.intBitsToFloat(Integer.reverseBytes(file.readInt())));
            file.seek(bias.offset() + bias.byteCount() - Float.BYTES);
            assertEquals(0.1f, Float.intBitsToFloat(Integer.reverseBytes(file.readInt())));
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    unfinished.pt  | is a checkpoint of a fit that is not done: it has sums over 80 prompts, no means
                    program.pt     | it asks for "__builtin__.print" of Python; only tensors in dictionaries and lists are read
                    transposed.pt  | it has a tensor of shape [4, 2] whose numbers are not in this order. Save tensor.contiguous()
                    missing.pt     | "source_layers" names other blocks than there are matrices
                    list.pt        | is no dictionary
                    compressed.npz | entry "translators_0_weight.npy" is compressed or encrypted. Save it again without
                    objects.npz    | entry "translators_0_weight.npy" is described as {'descr': '|O'
                    absent.pt      | is missing. Download it again
                    """)
    void refusesWithTheReason(String name, String reason) {
        Path place = recorded("bad").resolve(name);
        String message = assertThrows(InvalidCheckpointException.class, () -> LensFiles.read(place))
                .getMessage();

        assertTrue(message.startsWith(name) && message.contains(reason), message);
    }

    @Test
    void refusesAFileThatIsCutOff() throws IOException {
        byte[] whole = Files.readAllBytes(recorded("gpt2/jacobian.pt"));
        Path cut = folder.resolve("cut.pt");
        for (int length = 0; length < whole.length; length += whole.length / 50) {
            Files.write(cut, Arrays.copyOf(whole, length));
            assertThrows(InvalidCheckpointException.class, () -> LensFiles.read(cut));
        }
    }

    @Test
    void refusesOtherThings() throws IOException {
        Path text = Files.writeString(folder.resolve("lens.txt"), "a lens");

        String message = assertThrows(InvalidCheckpointException.class, () -> LensFiles.read(text))
                .getMessage();

        assertTrue(message.contains("Give a directory of tuned-lens"), message);
    }

    /** A pickle can put a list into itself, which has no hash. */
    @Test
    void refusesAListThatContainsItself() throws IOException {
        var pickle = new ByteArrayOutputStream();
        pickle.writeBytes(new byte[] {(byte) 0x80, 2, '}', '('});
        text(pickle, "J");
        pickle.write('}');
        text(pickle, "n_prompts");
        pickle.writeBytes(new byte[] {'K', 1});
        text(pickle, "source_layers");
        pickle.writeBytes(new byte[] {']', 'q', 0, 'h', 0, 'a', 'u', '.'});
        Path file = folder.resolve("itself.pt");
        try (var zip = new ZipOutputStream(Files.newOutputStream(file))) {
            var entry = new ZipEntry("lens/data.pkl");
            entry.setMethod(ZipEntry.STORED);
            entry.setSize(pickle.size());
            var sum = new CRC32();
            sum.update(pickle.toByteArray());
            entry.setCrc(sum.getValue());
            zip.putNextEntry(entry);
            pickle.writeTo(zip);
        }

        String message = assertThrows(InvalidCheckpointException.class, () -> LensFiles.read(file))
                .getMessage();

        assertTrue(message.contains("\"source_layers\" has an entry that is no number of a block"), message);
    }

    private static void text(ByteArrayOutputStream pickle, String text) {
        pickle.write('X');
        pickle.writeBytes(new byte[] {(byte) text.length(), 0, 0, 0});
        pickle.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static Path recorded(String name) {
        try {
            return Path.of(Objects.requireNonNull(LensFilesTest.class.getResource("/lenses/" + name))
                    .toURI());
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }
}
