package dev.stratalens.cli.form;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.stratalens.cli.form.TextTable.Align;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class TextTableTest {

    @Test
    void alignsByDisplayWidth() {
        TextTable table = new TextTable()
                .column("token", Align.LEFT)
                .column("n", Align.RIGHT)
                .column("note", Align.LEFT);
        table.row(List.of("東京", "7", ""));
        table.row(List.of("a", "1234", "x"));
        StringWriter text = new StringWriter();
        table.print(new PrintWriter(text), head -> head.toUpperCase(Locale.ROOT));
        assertEquals("""
                TOKEN     N  NOTE
                東京      7
                a      1234  x
                """, text.toString());
    }

    @Test
    void aRowOfAnotherLengthIsAMistake() {
        TextTable table = new TextTable().column("token", Align.LEFT);
        assertThrows(IllegalArgumentException.class, () -> table.row(List.of("a", "b")));
    }
}
