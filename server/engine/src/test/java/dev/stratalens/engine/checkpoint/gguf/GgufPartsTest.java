package dev.stratalens.engine.checkpoint.gguf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stratalens.engine.checkpoint.SafetensorsBytes;
import dev.stratalens.engine.error.InvalidCheckpointException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GgufPartsTest {

    @TempDir
    private Path directory;

    @Test
    void tensorsOfAllPartsAreReadEachFromItsOwn() {
        Path first = write("m-00001-of-00002.gguf", "a");
        Path second = write("m-00002-of-00002.gguf", "b");

        GgufFile file = GgufParts.read(first);

        assertEquals(Set.of("a", "b"), file.tensors().keySet());
        assertEquals(second, Objects.requireNonNull(file.tensors().get("b")).file());
    }

    @Test
    void aMissingPartIsNamed() {
        Path first = write("m-00001-of-00002.gguf", "a");

        assertRefused("m-00002-of-00002.gguf is missing. Download all 2 parts", first);
    }

    @ParameterizedTest
    @ValueSource(strings = {"m-00002-of-00002.gguf", "m-00001-of-00003.gguf", "model.gguf"})
    void anotherNameThanTheFirstPartsIsRefused(String name) {
        assertRefused("split.count is 2. Give the first part, such as NAME-00001-of-00002.gguf", write(name, "a"));
    }

    @Test
    void aTensorInTwoPartsIsRefused() {
        Path first = write("m-00001-of-00002.gguf", "a");
        write("m-00002-of-00002.gguf", "a");

        assertRefused("a occurs in two parts", first);
    }

    private Path write(String name, String tensor) {
        return SafetensorsBytes.write(
                directory.resolve(name),
                GgufBytes.header(1, 1)
                        .uint32("split.count", 2)
                        .tensor(tensor, 0, 0, 4)
                        .withData(16));
    }

    private static void assertRefused(String message, Path path) {
        InvalidCheckpointException failure = assertThrows(InvalidCheckpointException.class, () -> GgufParts.read(path));
        assertTrue(failure.toString().contains(message), failure.toString());
    }
}
