package dev.stratalens.cli.input;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stratalens.cli.failure.CliException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class PromptInputTest {

    @Test
    void anArgumentIsTakenAsItIs() throws IOException {
        assertEquals("  two spaces\n", PromptInput.read("  two spaces\n", input("piped"), false));
    }

    @Test
    void aDashAndAPipeMeanStandardInputToTheByte() throws IOException {
        String text = " \uFEFFd\u00e9j\u00e0 \uD83D\uDE00\r\n\n";
        assertEquals(text, PromptInput.read("-", input(text), true));
        assertEquals(text, PromptInput.read(null, input(text), false));
    }

    @Test
    void noPromptOnATerminalSaysHowToGiveOne() {
        CliException refusal = assertThrows(CliException.class, () -> PromptInput.read(null, input(""), true));
        assertTrue(refusal.getMessage().contains("PROMPT"), refusal.getMessage());
    }

    @Test
    void bytesThatAreNotUtf8AreRefusedWithTheirOffset() {
        byte[] bytes = {'a', (byte) 0xC3, (byte) 0xA9, (byte) 0xFF, 'b'};
        CliException refusal = assertThrows(CliException.class, () -> PromptInput.decode(bytes));
        assertTrue(refusal.getMessage().contains("byte 0xFF at offset 3"), refusal.getMessage());
    }

    @Test
    void aCharacterThatIsCutOffAtTheEndIsRefused() {
        byte[] bytes = {'a', (byte) 0xE2, (byte) 0x82};
        CliException refusal = assertThrows(CliException.class, () -> PromptInput.decode(bytes));
        assertTrue(refusal.getMessage().contains("offset 1"), refusal.getMessage());
    }

    @Test
    void aMangledArgumentIsRefusedUnderAnAsciiLocaleOnly() {
        CliException refusal =
                assertThrows(CliException.class, () -> PromptInput.refuseMangled("caf\uFFFD\uFFFD", "ANSI_X3.4-1968"));
        assertTrue(refusal.getMessage().contains("LC_ALL=C.UTF-8"), refusal.getMessage());
        PromptInput.refuseMangled("caf\uFFFD", "UTF-8");
        PromptInput.refuseMangled("cafe", "ANSI_X3.4-1968");
    }

    private static InputStream input(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }
}
