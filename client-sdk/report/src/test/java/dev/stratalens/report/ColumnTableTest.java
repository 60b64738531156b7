package dev.stratalens.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.stratalens.client.request.Statistic;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The table of columns in the documentation is made of their descriptions; a failure shows what it must be. */
class ColumnTableTest {

    private static final Path DOCUMENT = Path.of("../../docs/lens-semantics.md");
    private static final String BEGIN = "<!-- columns: begin.";
    private static final String END = "<!-- columns: end -->";

    @Test
    void theTableInTheDocumentationIsThatOfTheDescriptions() throws IOException {
        List<String> lines = Files.readAllLines(DOCUMENT);
        int begin = lines.indexOf(lines.stream()
                .filter(line -> line.startsWith(BEGIN))
                .findFirst()
                .orElseThrow());
        assertEquals(table(), String.join("\n", lines.subList(begin + 1, lines.indexOf(END))), DOCUMENT.toString());
    }

    private static String table() {
        Stream<String> head = Stream.of("| column | what it says | unit | range |", "|---|---|---|---|");
        return Stream.concat(head, Statistic.all().stream().map(ColumnTableTest::row))
                .collect(Collectors.joining("\n"));
    }

    private static String row(Statistic column) {
        String remark = column.remark().map(words -> " " + words).orElse("");
        return "| `%s` | %s%s | %s | %s |"
                .formatted(column.name(), column.meaning().replace("|", "\\|"), remark, column.unit(), range(column));
    }

    private static String range(Statistic column) {
        String minimum = text(column.minimum());
        String maximum = column.isAtMostLogVocabulary() ? "ln V" : text(column.maximum(0));
        if (!minimum.isEmpty() && !maximum.isEmpty()) {
            return minimum + " .. " + maximum;
        }
        return minimum.isEmpty() ? maximum.isEmpty() ? "any" : "up to " + maximum : minimum + " or more";
    }

    private static String text(OptionalDouble end) {
        return end.isEmpty()
                ? ""
                : end.getAsDouble() % 1 == 0 ? "%.0f".formatted(end.getAsDouble()) : "" + end.getAsDouble();
    }
}
