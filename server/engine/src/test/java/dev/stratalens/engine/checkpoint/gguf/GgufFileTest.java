package dev.stratalens.engine.checkpoint.gguf;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stratalens.engine.checkpoint.SafetensorsBytes;
import dev.stratalens.engine.error.InvalidCheckpointException;
import dev.stratalens.engine.error.InvalidCheckpointException.Problem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GgufFileTest {

    private static final Path RECORDED = Path.of("src/test/resources/formats/models/gguf-llama/model.gguf");

    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void keysAndTensorsAreRead(int version) {
        GgufFile file = read(new GgufBytes()
                .magic(version)
                .int64(1)
                .int64(2)
                .string("a", "text")
                .text("list")
                .int32(GgufBytes.ARRAY)
                .int32(GgufBytes.UINT32)
                .int64(2)
                .int32(7)
                .int32(-1)
                .tensor("t", 1, 32, 3, 2)
                .withData(32 + 12));

        assertEquals("text", file.metadata().string("a").orElseThrow());
        assertEquals(List.of(7L, 0xFFFF_FFFFL), file.metadata().integers("list").orElseThrow());
        GgufTensor tensor = Objects.requireNonNull(file.tensors().get("t"));
        assertArrayEquals(new long[] {2, 3}, tensor.shape());
        assertEquals(GgufType.F16, tensor.type());
        assertEquals(12, tensor.byteCount());
    }

    @Test
    void whatDoesNotBeginAsGgufIsRefused() {
        assertFault(Problem.CORRUPT, "does not begin like a GGUF file", "GGML....".getBytes(StandardCharsets.US_ASCII));
    }

    @Test
    void otherVersionsAreNamed() {
        assertFault(
                Problem.CORRUPT,
                "has GGUF version 1; supported: 2 and 3",
                new GgufBytes().magic(1).bytes());
    }

    @Test
    void bigEndianFilesAreNamed() {
        assertFault(
                Problem.CORRUPT,
                "is big-endian",
                new GgufBytes().magic(Integer.reverseBytes(3)).bytes());
    }

    @ParameterizedTest
    @CsvSource({"9, Q8_1", "15, Q8_K", "27, I64", "77, number 77"})
    void typesThatAreNotReadAreNamed(int type, String name) {
        assertFault(
                Problem.TENSORS,
                "tensor \"t\" has type " + name + ", which is not supported (supported: [F32, F16",
                GgufBytes.header(1, 0).tensor("t", type, 0, 256).withData(256));
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, Long.MIN_VALUE, 1L << 40, 1000})
    void countsBeyondTheFileAreRefusedBeforeAnythingIsAllocated(long count) {
        assertFault(
                Problem.CORRUPT,
                "the list of tensors has a count of",
                GgufBytes.header(count, 0).bytes());
        assertFault(
                Problem.CORRUPT,
                "the list of keys has a count of",
                GgufBytes.header(0, count).bytes());
        assertFault(
                Problem.CORRUPT,
                "list has a count of",
                GgufBytes.header(0, 1)
                        .text("list")
                        .int32(GgufBytes.ARRAY)
                        .int32(GgufBytes.UINT32)
                        .int64(count)
                        .bytes());
        assertFault(
                Problem.CORRUPT,
                "text has a count of",
                GgufBytes.header(0, 1)
                        .text("text")
                        .int32(GgufBytes.STRING)
                        .int64(count)
                        .bytes());
    }

    @Test
    void listsOfListsAreRefused() {
        assertFault(
                Problem.CORRUPT,
                "is a list of lists",
                GgufBytes.header(0, 1)
                        .text("list")
                        .int32(GgufBytes.ARRAY)
                        .int32(GgufBytes.ARRAY)
                        .int64(0)
                        .bytes());
    }

    @Test
    void valuesOfUnknownTypesAreRefused() {
        assertFault(
                Problem.CORRUPT,
                "k has a value of the unknown type 13",
                GgufBytes.header(0, 1).text("k").int32(13).bytes());
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0, has the impossible shape [0] of F32",
        "0, -1, has the impossible shape [-1] of F32",
        "0, 4611686018427387904, has the impossible shape",
        "2, 33, has the impossible shape [33] of Q4_0",
        "12, 32, has the impossible shape [32] of Q4_K"
    })
    void impossibleShapesAreNamed(int type, long size, String message) {
        assertFault(
                Problem.CORRUPT,
                "tensor \"t\" " + message,
                GgufBytes.header(1, 0).tensor("t", type, 0, size).withData(256));
    }

    @ParameterizedTest
    @CsvSource({"1, begins at 1", "-32, begins at 18446744073709551584"})
    void offsetsThatAreNotAlignedAreNamed(long offset, String message) {
        assertFault(
                Problem.CORRUPT,
                message,
                GgufBytes.header(1, 0).tensor("t", 0, offset, 1).withData(256));
    }

    @Test
    void aTensorBeyondTheEndIsNamed() {
        assertFault(
                Problem.TRUNCATED,
                "tensor \"t\" ends beyond the file",
                GgufBytes.header(1, 0).tensor("t", 0, 32, 1).withData(32));
    }

    @Test
    void overlappingAndDoubleTensorsAreNamed() {
        assertFault(
                Problem.CORRUPT,
                "\"b\" overlaps tensor \"a\"",
                GgufBytes.header(2, 0)
                        .tensor("a", 0, 0, 9)
                        .tensor("b", 0, 32, 1)
                        .withData(64));
        assertFault(
                Problem.CORRUPT,
                "\"a\" occurs twice",
                GgufBytes.header(2, 0)
                        .tensor("a", 0, 0, 1)
                        .tensor("a", 0, 32, 1)
                        .withData(64));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 4, 24, 1 << 20 | 8})
    void alignmentsThatAreNoneAreRefused(int alignment) {
        assertFault(
                Problem.CONFIGURATION,
                "general.alignment is " + alignment,
                GgufBytes.header(0, 1).uint32("general.alignment", alignment).bytes());
    }

    @Test
    void aHeaderThatIsCutOffAnywhereIsRefused() throws IOException {
        byte[] whole = Files.readAllBytes(RECORDED);
        for (int length = 0; length < 8000; length += 37) {
            byte[] cut = Arrays.copyOf(whole, length);
            assertThrows(InvalidCheckpointException.class, () -> read(cut));
        }
    }

    private void assertFault(Problem problem, String message, byte[] bytes) {
        InvalidCheckpointException failure = assertThrows(InvalidCheckpointException.class, () -> read(bytes));
        assertTrue(failure.toString().contains(message), failure.getMessage());
        assertEquals(problem, failure.problem(), failure.getMessage());
        assertEquals("model.gguf", failure.file());
    }

    private GgufFile read(byte[] bytes) {
        return GgufFile.read(SafetensorsBytes.write(directory.resolve("model.gguf"), bytes));
    }
}
