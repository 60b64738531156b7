package dev.stratalens.cli.output;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stratalens.cli.failure.CliException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutputFileTest {

    @TempDir
    Path folder;

    @Test
    void replacesAFileByTheWholeContent() throws IOException {
        Path file = Files.writeString(folder.resolve("lens.json"), "old");
        new OutputFile(file).write(out -> out.write("new ·"));
        assertEquals("new ·", Files.readString(file));
        assertEquals(List.of("lens.json"), names());
    }

    @Test
    void aFailureLeavesTheOldFileAndNothingElse() throws IOException {
        Path file = Files.writeString(folder.resolve("lens.json"), "old");
        assertThrows(
                IOException.class,
                () -> new OutputFile(file).write(out -> {
                    out.write("half");
                    throw new IOException("disk full");
                }));
        assertEquals("old", Files.readString(file));
        assertEquals(List.of("lens.json"), names());
    }

    @Test
    void aLinkStaysALink() throws IOException {
        Path file = Files.writeString(folder.resolve("real.json"), "old");
        Path link = Files.createSymbolicLink(folder.resolve("link.json"), file);
        new OutputFile(link).write(out -> out.write("new"));
        assertTrue(Files.isSymbolicLink(link));
        assertEquals("new", Files.readString(file));
    }

    @Test
    void whatCannotBeWrittenIsRefusedBeforeAnyWork() {
        CliException missing =
                assertThrows(CliException.class, () -> new OutputFile(folder.resolve("no/such/lens.json")));
        assertTrue(missing.getMessage().contains("does not exist"), missing.getMessage());
        CliException directory = assertThrows(CliException.class, () -> new OutputFile(folder));
        assertTrue(directory.getMessage().contains("is a directory"), directory.getMessage());
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(path -> path.getFileName().toString()).toList();
        }
    }
}
