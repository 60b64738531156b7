package dev.stratalens.cli.explore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stratalens.cli.explore.form.RunForm;
import dev.stratalens.client.result.LensResult;
import dev.stratalens.report.file.LensJson;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class KeptResultsTest {

    private static final RunForm FORM = new RunForm(null, null, null, 0, null, null, null, null, null, null, null);

    private final LensResult result = read();
    private final RunEnd end = new RunEnd(FORM, result, Optional.empty());

    @Test
    void theOldestAreDroppedBeyondSoMany() {
        KeptResults kept = new KeptResults(2, Long.MAX_VALUE);
        kept.keep("1", end);
        kept.keep("2", end);
        kept.keep("3", end);
        assertEquals(Optional.empty(), kept.find("1"));
        assertEquals(Optional.of(end), kept.find("2"));
        assertEquals(Optional.of(end), kept.find("3"));
    }

    @Test
    void theOldestAreDroppedBeyondSoManyBytesButNeverTheNewest() {
        long one = KeptResults.bytes(result);
        assertTrue(one > 0);
        KeptResults kept = new KeptResults(10, 2 * one - 1);
        kept.keep("1", end);
        kept.keep("2", end);
        assertEquals(Optional.empty(), kept.find("1"));
        assertEquals(Optional.of(end), kept.find("2"));
        KeptResults tight = new KeptResults(10, 1);
        tight.keep("1", end);
        assertEquals(Optional.of(end), tight.find("1"));
    }

    static LensResult read() {
        try (Reader in = new InputStreamReader(
                Objects.requireNonNull(
                        KeptResultsTest.class.getResourceAsStream("/dev/stratalens/cli/report/result.json")),
                StandardCharsets.UTF_8)) {
            return LensJson.read(in);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
