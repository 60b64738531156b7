package dev.stratalens.engine.error;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileFaultTest {

    @TempDir
    Path folder;

    @Test
    void whatCannotBeReadIsSaidInWords() throws IOException {
        assertEquals("there is no such file", reading(folder.resolve("absent")));
        assertEquals("it is a directory", reading(folder));
        Path binary = Files.write(folder.resolve("binary"), new byte[] {(byte) 0xff, (byte) 0xfe});
        assertEquals("it is not UTF-8", reading(binary));
        assertEquals("it is no directory", FileFault.words(new NotDirectoryException("/secret/place")));
    }

    @Test
    void theReasonOfTheSystemIsKeptWithoutThePath() {
        assertEquals(
                "No space left on device",
                FileFault.words(new FileSystemException("/secret/place", null, "No space left on device")));
        assertEquals("FileSystemException", FileFault.words(new FileSystemException("/secret/place")));
    }

    private static String reading(Path file) {
        return FileFault.words(assertThrows(IOException.class, () -> Files.readString(file)));
    }
}
