package dev.stratalens.engine.checkpoint;

import static dev.stratalens.engine.checkpoint.SafetensorsBytes.tensor;
import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stratalens.engine.error.InvalidCheckpointException;
import dev.stratalens.engine.error.InvalidCheckpointException.Problem;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class SafetensorsFileTest {

    @TempDir
    private Path directory;

    @Test
    void tensorsAreLocatedInTheFileInTheHeadersOrder() {
        String header = "{\"__metadata__\":{\"format\":\"pt\"},%s,%s,%s}"
                .formatted(
                        tensor("second", "BF16", "[3]", 24, 30),
                        tensor("first", "F32", "[2,3]", 0, 24),
                        tensor("scalar", "F16", "[]", 30, 32));
        Path file = write(SafetensorsBytes.of(header, 32));

        Map<String, TensorInfo> tensors = SafetensorsFile.read(file);

        assertEquals(List.of("second", "first", "scalar"), List.copyOf(tensors.keySet()));
        TensorInfo second = get(tensors, "second");
        assertEquals(StoredType.BF16, second.type());
        assertArrayEquals(new long[] {3}, second.shape());
        assertEquals(8 + header.length() + 24, second.offset());
        assertEquals(6, second.byteCount());
        assertEquals(file, second.file());
        assertEquals(6, get(tensors, "first").elementCount());
        assertEquals(1, get(tensors, "scalar").elementCount());
    }

    @Test
    void emptyTensorsAndGapsAndPaddingOfTheHeaderAreFine() {
        String header =
                "{%s,%s}   ".formatted(tensor("empty", "F32", "[0,7]", 0, 0), tensor("later", "U8", "[2]", 5, 7));

        Map<String, TensorInfo> tensors = SafetensorsFile.read(write(SafetensorsBytes.of(header, 9)));

        assertEquals(0, get(tensors, "empty").elementCount());
        assertEquals(2, get(tensors, "later").byteCount());
    }

    @ParameterizedTest
    @EnumSource(StoredType.class)
    void everyTypeOfTheFormatIsReadable(StoredType type) {
        String header = "{" + tensor("t", type.name(), "[8]", 0, type.bitSize()) + "}";

        Map<String, TensorInfo> tensors = SafetensorsFile.read(write(SafetensorsBytes.of(header, type.bitSize())));

        assertEquals(type, get(tensors, "t").type());
        assertEquals(8, get(tensors, "t").elementCount());
    }

    @Test
    void aMissingFileIsNamed() {
        InvalidCheckpointException failure = assertThrows(
                InvalidCheckpointException.class, () -> SafetensorsFile.read(directory.resolve("no.safetensors")));

        assertEquals(Problem.MISSING_FILE, failure.problem());
        assertEquals("no.safetensors", failure.file());
        assertTrue(failure.toString().contains("no.safetensors is missing"), failure.getMessage());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 7})
    void aFileTooShortForItsLengthIsTruncated(int size) {
        assertFault(Problem.TRUNCATED, new byte[size], "expected at least 8 bytes, found " + size);
    }

    @Test
    void aFileThatEndsInItsHeaderIsTruncated() {
        byte[] whole = SafetensorsBytes.of("{" + tensor("t", "F32", "[1]", 0, 4) + "}", 4);

        assertFault(
                Problem.TRUNCATED,
                Arrays.copyOf(whole, 20),
                "expected at least %d bytes, found 20".formatted(whole.length - 4));
    }

    @Test
    void aFileThatEndsInItsDataIsTruncatedWithBothSizes() {
        byte[] whole = SafetensorsBytes.of(
                "{" + tensor("a", "F32", "[1]", 0, 4) + "," + tensor("b", "F32", "[2]", 4, 12) + "}", 12);

        assertFault(
                Problem.TRUNCATED,
                Arrays.copyOf(whole, whole.length - 1),
                "expected at least %d bytes, found %d".formatted(whole.length, whole.length - 1));
    }

    @Test
    void aGitLfsPointerIsNamedAsSuch() {
        byte[] pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 12\n"
                .getBytes(StandardCharsets.US_ASCII);

        assertFault(Problem.TRUNCATED, pointer, "git lfs pull");
    }

    @ParameterizedTest
    @ValueSource(longs = {100_000_001, Long.MAX_VALUE, -1, Long.MIN_VALUE})
    void aHeaderTooLargeIsRefusedBeforeItIsRead(long size) {
        assertFault(Problem.CORRUPT, SafetensorsBytes.length(size), "at most 100,000,000 are allowed");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "{",
                "{} {}",
                "{'t':1}",
                "{\"t\":1}",
                "{\"t\":{}}",
                "{\"t\":{\"dtype\":\"F32\",\"shape\":[1]}}",
                "{\"t\":{\"dtype\":[],\"shape\":[1],\"data_offsets\":[0,4]}}",
                "{\"t\":{\"dtype\":\"F32\",\"shape\":{},\"data_offsets\":[0,4]}}",
                "{\"t\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0]}}",
                "{\"t\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4,8]}}",
                "{\"t\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,\"x\"]}}",
                "{\"t\":{\"dtype\":\"F32\",\"shape\":[1.5],\"data_offsets\":[0,4]}}",
                "{\"t\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,99999999999999999999]}}"
            })
    void aHeaderThatIsNoHeaderIsCorrupt(String header) {
        assertFault(Problem.CORRUPT, SafetensorsBytes.of(header, 4), "is not a safetensors file");
    }

    @Test
    void aHeaderThatIsNoUtf8IsCorrupt() {
        byte[] file = SafetensorsBytes.of("{\"t\":1}", 0);
        file[10] = (byte) 0xFF;

        assertFault(Problem.CORRUPT, file, "is not a safetensors file");
    }

    @Test
    void deeplyNestedMetadataIsRefusedInsteadOfOverflowingTheStack() {
        assertFault(
                Problem.CORRUPT,
                SafetensorsBytes.of("{\"__metadata__\":" + "[".repeat(200_000), 0),
                "is not a safetensors file");
    }

    @ParameterizedTest
    @CsvSource({
        "F32, '[2]', -4, 4, has the offsets -4 to 4",
        "F32, '[2]', 8, 0, has the offsets 8 to 0",
        "F32, '[2]', 0, 4, 'has 4 bytes, but F32 of shape [2] takes 8'",
        "BF16, '[2]', 0, 8, 'has 8 bytes, but BF16 of shape [2] takes 4'",
        "F32, '[-1]', 0, 4, has the impossible shape [-1] of F32",
        "F32, '[4294967296,4294967296]', 0, 0, has the impossible shape",
        "F32, '[2305843009213693952]', 0, 0, has the impossible shape",
        "F4, '[3]', 0, 1, has the impossible shape [3] of F4",
        "F33, '[1]', 0, 4, has the unknown type \"F33\"",
        "F32, '[1]', 9223372036854775803, 9223372036854775807, begins at byte",
        "F32, '[1]', 100, 104, of a file of"
    })
    void aTensorThatContradictsItselfOrTheFileIsCorrupt(
            String type, String shape, long begin, long end, String message) {
        InvalidCheckpointException failure = assertFault(
                Problem.CORRUPT, SafetensorsBytes.of("{" + tensor("wrong", type, shape, begin, end) + "}", 8), message);

        assertEquals(List.of("wrong"), failure.offenders());
        assertTrue(failure.toString().contains("\"wrong\""), failure.getMessage());
    }

    @Test
    void overlappingTensorsAreBothNamed() {
        String header = "{%s,%s}".formatted(tensor("b", "F32", "[2]", 4, 12), tensor("a", "F32", "[2]", 0, 8));

        InvalidCheckpointException failure =
                assertFault(Problem.CORRUPT, SafetensorsBytes.of(header, 12), "\"a\" and \"b\" overlap");

        assertEquals(List.of("a", "b"), failure.offenders());
    }

    @Test
    void aNameThatOccursTwiceIsRefused() {
        String header = "{%s,%s}".formatted(tensor("t", "U8", "[1]", 0, 1), tensor("t", "U8", "[1]", 1, 2));

        assertFault(Problem.CORRUPT, SafetensorsBytes.of(header, 2), "\"t\" occurs twice");
    }

    @Test
    void damagedFilesNeverEscapeAsAnythingElse() {
        byte[] whole = SafetensorsBytes.of(
                "{\"__metadata__\":{},%s,%s}"
                        .formatted(tensor("a", "F32", "[2,1]", 0, 8), tensor("b", "I64", "[1]", 8, 16)),
                16);
        Random random = new Random(7);
        for (int round = 0; round < 500; round++) {
            byte[] damaged = whole.clone();
            for (int hits = random.nextInt(3); hits >= 0; hits--) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
            }
            Path file = write(
                    Arrays.copyOf(damaged, random.nextInt(8) == 0 ? random.nextInt(damaged.length) : damaged.length));
            try {
                for (TensorInfo tensor : SafetensorsFile.read(file).values()) {
                    assertTrue(tensor.offset() >= 8 && tensor.offset() + tensor.byteCount() <= damaged.length);
                }
            } catch (InvalidCheckpointException e) {
                assertEquals("model.safetensors", e.file());
            }
        }
    }

    private InvalidCheckpointException assertFault(Problem problem, byte[] bytes, String message) {
        Path file = write(bytes);
        InvalidCheckpointException failure =
                assertThrows(InvalidCheckpointException.class, () -> SafetensorsFile.read(file));
        assertEquals(problem, failure.problem(), failure.getMessage());
        assertEquals("model.safetensors", failure.file());
        assertTrue(failure.toString().contains(message), failure.getMessage());
        return failure;
    }

    private static TensorInfo get(Map<String, TensorInfo> tensors, String name) {
        return requireNonNull(tensors.get(name));
    }

    private Path write(byte[] bytes) {
        return SafetensorsBytes.write(directory.resolve("model.safetensors"), bytes);
    }
}
