package dev.stratalens.cli.form;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.stratalens.cli.form.TextTable.Align;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class MarkdownTest {

    @Test
    void signsThatMeanSomethingAreEscaped() throws IOException {
        TextTable table = new TextTable().column("a|b", Align.LEFT).column("`c`", Align.RIGHT);
        table.row(List.of("</td>", "*x*_y_[z](u)~\\$#@"));
        StringBuilder text = new StringBuilder();
        Markdown.write(table, text);
        assertEquals("""
            | a\\|b | \\`c\\` |
            |:--|--:|
            | \\</td\\> | \\*x\\*\\_y\\_\\[z\\](u)\\~\\\\\\$\\#\\@ |
            """, text.toString());
    }
}
