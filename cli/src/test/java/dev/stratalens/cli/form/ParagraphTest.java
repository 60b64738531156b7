package dev.stratalens.cli.form;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class ParagraphTest {

    @Test
    void breaksBetweenWordsByDisplayWidth() {
        assertEquals("layers run\ndownward", Paragraph.wrap("layers run downward", 18));
        assertEquals("layers run downward", Paragraph.wrap("layers run downward", 19));
        assertEquals("東京 東\n京", Paragraph.wrap("東京 東 京", 8));
    }

    @Test
    void aLongWordHasItsOwnLine() {
        assertEquals("a\ncrystallization\nb", Paragraph.wrap("a crystallization b", 5));
    }
}
