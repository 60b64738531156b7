package dev.stratalens.cli.form;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class ParagraphTest {

    @Test
    void breaksBetweenWordsByDisplayWidth() {
        assertEquals("layers run\ndownwards", Paragraph.wrap("layers run downwards", 19));
        assertEquals("layers run downwards", Paragraph.wrap("layers run downwards", 20));
        assertEquals("東京 東\n京", Paragraph.wrap("東京 東 京", 8));
    }

    @Test
    void aLongWordHasItsOwnLine() {
        assertEquals("a\ncrystallisation\nb", Paragraph.wrap("a crystallisation b", 5));
    }
}
