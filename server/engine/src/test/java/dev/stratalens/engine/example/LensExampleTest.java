package dev.stratalens.engine.example;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LensExampleTest {

    private static final Path EXAMPLE =
            Path.of("src", "test", "java", "dev", "stratalens", "engine", "example", "LensExample.java");

    @Test
    void itPrintsWhatEachLayerOfTheEmbeddedModelPredicts() {
        var out = new ByteArrayOutputStream();

        LensExample.print(
                Path.of("../../models/demo"),
                "The capital of France is",
                new PrintStream(out, true, StandardCharsets.UTF_8));

        List<String> lines = out.toString(StandardCharsets.UTF_8).lines().toList();
        assertTrue(lines.size() > 2, lines.toString());
        assertEquals(
                IntStream.range(0, lines.size()).mapToObj("layer %d"::formatted).toList(),
                lines.stream().map(line -> line.substring(0, line.indexOf(':'))).toList());
        assertTrue(lines.get(lines.size() - 1).contains("\" Paris\""), lines.toString());
    }

    @Test
    void theReadmeShowsExactlyThisExample() throws IOException {
        String block = "```java\n" + Files.readString(EXAMPLE) + "```\n";

        assertTrue(
                Files.readString(Path.of("README.md")).contains(block),
                "README.md must show " + EXAMPLE + " as it is, in a java block");
    }
}
