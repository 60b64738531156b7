package dev.stratalens.engine.error;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.stratalens.engine.error.InvalidCheckpointException.Problem;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PrintableTextTest {

    @ParameterizedTest
    @CsvSource({
        "27, \\u001b",
        "0, \\u0000",
        "10, \\n",
        "13, \\r",
        "9, \\t",
        "127, \\u007f",
        "155, \\u009b", // the one-byte form of ESC [
        "0x2028, \\u2028",
        "0x202e, \\u202e", // reverses the following text
        "0x200b, \\u200b",
        "0xd800, \\ud800",
        "0xe0001, \\udb40\\udc01"
    })
    void whatCannotBeSeenIsWrittenOut(String codePoint, String escape) {
        String hidden = Character.toString(Integer.decode(codePoint));
        assertEquals("a" + escape + "b", PrintableText.of("a" + hidden + "b"));
    }

    @Test
    void whatCanBeSeenStaysAsItIs() {
        String text = "blk.0.wäight 東京 \ud83d\ude00 \\n שלום";
        assertSame(text, PrintableText.of(text));
    }

    @Test
    void ownLinesCanBeKept() {
        assertEquals("a\nb\\t\\r\\u001b", PrintableText.lines("a\nb\t\r\033"));
        assertEquals("a\n\tb\\r\\u001b", PrintableText.trace("a\n\tb\r\033"));
    }

    @Test
    void everyFailureIsPrintableWhateverItQuotes() {
        String hostile = "x\033]8;;https://example.invalid/\033\\y\nz";
        String shown = "x\\u001b]8;;https://example.invalid/\\u001b\\y\\nz";
        assertEquals(
                "A tensor " + shown + ".",
                new InvalidCheckpointException(Problem.TENSORS, "f", List.of(hostile), "A tensor " + hostile + ".")
                        .getMessage());
        assertEquals(
                "The model's family \"" + shown + "\" is not supported. Supported: gpt2.",
                new UnsupportedArchitectureException(hostile, List.of("gpt2")).getMessage());
        assertEquals(
                "model: \"" + shown + "\" is not understood. Give another.",
                InvalidFieldException.of(
                                "model", InvalidFieldException.Problem.NOT_UNDERSTOOD, hostile, "Give another.")
                        .getMessage());
    }
}
