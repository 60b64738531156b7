package dev.stratalens.cli.lenses;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stratalens.cli.failure.CliException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DocumentsTest {

    @TempDir
    Path folder;

    @Test
    void aTextHasADocumentInEachLine() throws Exception {
        Path file = Files.writeString(folder.resolve("a.txt"), "one\n\n  \ntwo \"2\"\n");

        assertEquals(List.of("one", "two \"2\""), Documents.read(file));
    }

    @Test
    void jsonLinesAreStringsOrObjects() throws Exception {
        Path file = Files.writeString(folder.resolve("a.jsonl"), "\"one\\n1\"\n{\"id\": 4, \"text\": \"two\"}\n");

        assertEquals(List.of("one\n1", "two"), Documents.read(file));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"prompt\": \"x\"}", "{\"text\": 4}", "[\"x\"]", "4", "{"})
    void anotherLineIsRefused(String line) throws Exception {
        Path file = Files.writeString(folder.resolve("a.jsonl"), "\"one\"\n" + line + "\n");

        var refused = assertThrows(CliException.class, () -> Documents.read(file));
        assertTrue(refused.getMessage().contains("line 2 of"), refused.getMessage());
    }

    @Test
    void otherEncodingsAreRefused() throws Exception {
        Path file = Files.write(folder.resolve("a.txt"), new byte[] {'a', (byte) 0xFF, '\n'});

        var refused = assertThrows(CliException.class, () -> Documents.read(file));
        assertTrue(refused.getMessage().contains("not UTF-8"), refused.getMessage());
    }
}
