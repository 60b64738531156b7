package dev.stratalens.client.example;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReadmeTest {

    private static final Path ROOT = Path.of("..", "..");
    private static final Path EXAMPLES = Path.of("src/test/java/dev/stratalens/client/example");

    @ParameterizedTest
    @CsvSource({
        "README.md, QuickExample",
        "docs/java-client.md, QuickExample",
        "docs/java-client.md, AnalyzeExample",
        "docs/java-client.md, FuturesExample",
        "docs/java-client.md, SubscriberExample",
        "docs/java-client.md, BatchExample",
        "docs/java-client.md, FailureExample",
        "docs/java-client.md, ConnectionExample"
    })
    void aPageShowsExactlyTheProgramThatIsTested(String page, String example) throws IOException {
        String program = Files.readString(EXAMPLES.resolve(example + ".java"));

        assertTrue(
                Files.readString(ROOT.resolve(page)).contains("```java\n" + program + "```\n"),
                page + " must show " + example + " as it is, in a java block");
    }
}
