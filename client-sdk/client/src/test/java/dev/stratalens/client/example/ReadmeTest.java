package dev.stratalens.client.example;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ReadmeTest {

    private static final Path EXAMPLE =
            Path.of("src", "test", "java", "dev", "stratalens", "client", "example", "AnalyzeExample.java");

    @Test
    void theReadmeShowsExactlyTheExampleThatIsTested() throws IOException {
        String readme = Files.readString(Path.of("..", "..", "README.md"));
        String block = "```java\n" + Files.readString(EXAMPLE) + "```\n";
        assertTrue(readme.contains(block), "README.md must show " + EXAMPLE + " as it is, in a java block");
    }
}
