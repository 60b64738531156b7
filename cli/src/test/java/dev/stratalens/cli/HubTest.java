package dev.stratalens.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Models of the hub, from the command line. */
class HubTest {

    @TempDir
    Path cache;

    @Test
    void analyzesAModelOfTheHubAndTheSecondTimeWithoutTheNetwork() throws IOException {
        Map<String, String> environment;
        CliRun first;
        try (DirectoryHub hub = new DirectoryHub(CliRun.TINY)) {
            environment = new HashMap<>(hub.environment(cache));
            first = CliRun.within(environment, "analyze", "--model", DirectoryHub.MODEL, "--format", "csv", "hello");
        }
        assertEquals(0, first.exitCode(), first.err());

        environment.put("HF_HUB_OFFLINE", "1");
        CliRun second =
                CliRun.within(environment, "analyze", "--model", DirectoryHub.MODEL, "--format", "csv", "hello");
        assertEquals(0, second.exitCode(), second.err());
        assertEquals(first.out(), second.out());
    }

    @Test
    void saysWhatIsWrongWithAModelThatCannotBeHad() throws IOException {
        try (DirectoryHub hub = new DirectoryHub(CliRun.TINY)) {
            CliRun missing = CliRun.within(hub.environment(cache), "analyze", "--model", "hf:org/typo", "hello");
            assertEquals(3, missing.exitCode());
            assertTrue(missing.err().contains("hf:org/typo: there is no such repository"), missing.err());

            CliRun malformed = CliRun.within(hub.environment(cache), "analyze", "--model", "hf:a/b/c", "hello");
            assertEquals(2, malformed.exitCode());
            assertTrue(malformed.err().contains("hf:ORG/NAME[@REVISION]"), malformed.err());
        }
        CliRun address = CliRun.within(Map.of("HF_ENDPOINT", "x"), "analyze", "--model", "hf:org/name", "hello");
        assertEquals(4, address.exitCode());
        assertTrue(address.err().contains("HF_ENDPOINT: \"x\" is not an address"), address.err());
    }
}
