package dev.stratalens.cli.terminal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StandardOutputTest {

    @Test
    void whatIsWrittenArrivesInUtf8() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        StandardOutput output = new StandardOutput(bytes);
        output.print("h\u00e9");
        output.write('!');

        assertFalse(output.checkError());
        assertEquals("h\u00e9!", bytes.toString(StandardCharsets.UTF_8));
        assertTrue(output.failure().isEmpty());
        assertFalse(output.readerIsGone());
    }

    @ParameterizedTest
    @CsvSource({"No space left on device, false", "Broken pipe, true", "Connection reset by peer, true", ", false"})
    void theFirstFailureIsKeptAndAClosedPipeToldApart(String words, boolean gone) {
        StandardOutput output = new StandardOutput(failing(words));
        output.print("x".repeat(100_000));
        output.print("more");

        assertTrue(output.checkError());
        assertEquals(words, output.failure().orElseThrow().getMessage());
        assertEquals(gone, output.readerIsGone());
    }

    private static OutputStream failing(String words) {
        return new OutputStream() {
            @Override
            public void write(int value) throws IOException {
                throw new IOException(words);
            }
        };
    }
}
