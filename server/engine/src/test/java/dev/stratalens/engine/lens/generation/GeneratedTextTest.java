package dev.stratalens.engine.lens.generation;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class GeneratedTextTest {

    @Test
    void aCharacterComesOnceItIsComplete() {
        byte[] character = "国".getBytes(UTF_8);
        var text = new GeneratedText();
        assertEquals("a", text.add(new byte[] {'a', character[0]}));
        assertEquals("", text.add(new byte[] {character[1]}));
        assertEquals("国b", text.add(new byte[] {character[2], 'b'}));
    }

    @Test
    void bytesThatAreNoTextAreReplaced() {
        var text = new GeneratedText();
        assertEquals("\uFFFD", text.add(new byte[] {(byte) 0xFF}));
        assertEquals("", text.add(new byte[] {(byte) 0xE5}));
        assertEquals("\uFFFDx", text.add(new byte[] {'x'}));
    }

    @Test
    void aStopTextMayBeSpreadOverTokens() {
        var text = new GeneratedText();
        List<String> stops = List.of("END", "zz");
        text.add("the E".getBytes(UTF_8));
        assertFalse(text.endsWithOneOf(stops));
        text.add("N".getBytes(UTF_8));
        assertFalse(text.endsWithOneOf(stops));
        text.add("D of it".getBytes(UTF_8));
        assertTrue(text.endsWithOneOf(stops));
        assertFalse(text.endsWithOneOf(List.of()));
    }
}
