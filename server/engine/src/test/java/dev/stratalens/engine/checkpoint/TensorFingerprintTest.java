package dev.stratalens.engine.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TensorFingerprintTest {

    private static final int BYTES = 10_000;

    @TempDir
    Path folder;

    @Test
    void neitherOrderNorFileCounts() throws IOException {
        TensorInfo a = tensor("a", file("one", 0), 0);
        TensorInfo b = tensor("b", file("one", 0), 4);
        TensorInfo elsewhere = tensor("a", file("two", 0), 0);

        assertEquals(TensorFingerprint.of(List.of(a, b)), TensorFingerprint.of(List.of(b, elsewhere)));
    }

    @Test
    void namesShapesAndFirstBytesCount() throws IOException {
        String before = TensorFingerprint.of(List.of(tensor("a", file("one", 0), 0)));

        assertNotEquals(before, TensorFingerprint.of(List.of(tensor("b", file("one", 0), 0))));
        assertNotEquals(before, TensorFingerprint.of(List.of(tensor("a", file("other", 4095), 0))));
        assertNotEquals(
                before,
                TensorFingerprint.of(List.of(new TensorInfo(
                        "a", StoredType.F32, new long[] {1, BYTES / 4 - 4}, file("one", 0), 0, BYTES - 16))));
    }

    @Test
    void aTensorOfPartsThatLieApartMayBeAtTheEndOfItsFile() throws IOException {
        Path file = file("one", 0);
        var parts = new TensorInfo("a", StoredType.F32, new long[] {8}, file, BYTES - 16, 32);

        assertEquals(TensorFingerprint.of(List.of(parts)), TensorFingerprint.of(List.of(parts)));
    }

    private static TensorInfo tensor(String name, Path file, long offset) {
        return new TensorInfo(name, StoredType.F32, new long[] {BYTES / 4 - 4}, file, offset, BYTES - 16);
    }

    /** Zeros, but for the byte at an index other than 0. */
    private Path file(String name, int index) throws IOException {
        byte[] bytes = new byte[BYTES];
        bytes[index] = (byte) (index == 0 ? 0 : 1);
        return Files.write(folder.resolve(name), bytes);
    }
}
