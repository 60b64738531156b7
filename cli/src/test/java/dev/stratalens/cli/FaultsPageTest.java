package dev.stratalens.cli;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The page of faults names tests that exist. */
class FaultsPageTest {

    private static final Path PAGE = CliRun.ROOT.resolve("docs/faults.md");
    private static final Pattern LINK = Pattern.compile("(?m)^\\[[a-z]+]: (\\S+)$");
    private static final Pattern METHOD = Pattern.compile("`([a-z]+[A-Z]\\w{11,})`");

    @Test
    void everyTestThatItNamesIsInAFileThatItNames() throws IOException {
        String page = Files.readString(PAGE);
        StringBuilder sources = new StringBuilder();
        for (String file :
                LINK.matcher(page).results().map(link -> link.group(1)).toList()) {
            sources.append(Files.readString(CliRun.ROOT.resolve("docs").resolve(file)));
        }
        String missing = METHOD.matcher(page)
                .results()
                .map(method -> method.group(1))
                .filter(method -> sources.indexOf("void " + method + "(") < 0)
                .collect(Collectors.joining(", "));
        assertTrue(missing.isEmpty(), missing);
    }
}
