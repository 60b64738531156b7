package dev.stratalens.engine.lens.transport;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.stratalens.engine.error.InvalidCheckpointException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Reading any file ends in a lens or in a failure with its reason, soon and with little memory. */
@Timeout(60)
class LensFuzzTest {

    @TempDir
    private static Path directory;

    @FuzzTest
    void jacobians(byte[] bytes) throws IOException {
        read("lens.pt", bytes);
    }

    @FuzzTest
    void numpyArchive(byte[] bytes) throws IOException {
        read("lens.npz", bytes);
    }

    private static void read(String name, byte[] bytes) throws IOException {
        try {
            LensFiles.read(Files.write(directory.resolve(name), bytes));
        } catch (InvalidCheckpointException e) {
            // A message may quote what the file says, be it the name of our folder.
            boolean quotesFolder = new String(bytes, StandardCharsets.ISO_8859_1).contains(directory.toString());
            if (e.getMessage().isBlank() || (!quotesFolder && e.getMessage().contains(directory.toString()))) {
                throw new AssertionError(e);
            }
        }
    }
}
