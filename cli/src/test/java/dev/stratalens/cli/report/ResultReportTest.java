package dev.stratalens.cli.report;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stratalens.report.figure.ColorMode;
import dev.stratalens.report.figure.HeatMap;
import dev.stratalens.report.figure.HeatMaps;
import java.io.IOException;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class ResultReportTest {

    @Test
    void inMarkdownItIsTablesUnderSentences() throws IOException {
        HeatMap map = HeatMaps.bestTokens(Results.tiny(), ColorMode.Own.PROBABILITY, 0);
        StringWriter text = new StringWriter();
        ResultReport.of(Results.tiny(), view -> map).writeMarkdown(text);
        assertTrue(text.toString().startsWith("""
            **tiny**: llama, 3 blocks, vocabulary of 10, float32

            Likeliest next token at each position and its probability

            | layer | 0<br>\\<s\\> | 1<br>The | 2<br>·capital | 3<br>·of | 4<br>·東京 |
            |--:|:--|:--|:--|:--|:--|
            | embed | \\<s\\> .91 | The .88 | ·capital .93 | ·of .97 | ·東京 .85 |
            """), text.toString());
        assertTrue(text.toString().contains("| 3 | ·of | ·Paris | .52 | 1 | 4.86 | 2.43 |"), text.toString());
        assertTrue(text.toString().contains("Rank (1 is the top) and probability of ·Paris"), text.toString());
    }
}
