package dev.stratalens.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.stratalens.cli.source.ComputeType;
import dev.stratalens.engine.architecture.family.Architectures;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** {@code models}, {@code tokenize} and {@code doctor} with the engine in this process. */
class ListingTest {

    private static final String MODEL = CliRun.TINY.toString();

    @Test
    void modelsShowsADirectorysFacts() {
        CliRun run = CliRun.of("models", "--model", MODEL);
        assertEquals(0, run.exitCode(), run.err());
        assertTrue(run.out().matches("(?s).*gpt2-fp16  ready +\\d+ kB  .* ago +gpt2 .*"), run.out());
        assertTrue(
                run.out()
                        .contains(") can load %d types of models; --format json names them."
                                .formatted(Architectures.supported().size())),
                run.out());
    }

    @Test
    void modelsAsJson() {
        JsonObject json = JsonParser.parseString(CliRun.of("models", "--model", MODEL, "--format", "json")
                        .out())
                .getAsJsonObject();
        JsonObject model = json.getAsJsonArray("models").get(0).getAsJsonObject();
        assertEquals("ready", model.get("state").getAsString());
        assertEquals("float16", model.get("stored_dtype").getAsString());
        assertTrue(model.get("layers").getAsInt() > 0);
        assertTrue(model.get("memory_bytes").getAsLong() > 0);
        assertEquals(
                Architectures.supported(),
                json.getAsJsonArray("supported_architectures").asList().stream()
                        .map(JsonElement::getAsString)
                        .toList());
    }

    @Test
    void tokenizeShowsIdsAndByteRanges() {
        CliRun run = CliRun.of("tokenize", "--model", MODEL, "--format", "json", "hello world");
        JsonObject json = JsonParser.parseString(run.out()).getAsJsonObject();
        StringBuilder text = new StringBuilder();
        json.getAsJsonArray("tokens")
                .forEach(
                        token -> text.append(token.getAsJsonObject().get("text").getAsString()));
        assertEquals("hello world", text.toString());
        CliRun table = CliRun.of("tokenize", "--model", MODEL, "hello world");
        assertTrue(table.out().startsWith("pos "), table.out());
    }

    @Test
    void doctorTriesAModelInEarnest() {
        CliRun run = CliRun.of("doctor", "--model", MODEL);
        assertTrue(run.out().contains("loaded and answered in"), run.out());
        assertTrue(run.out().contains("libtorch"), run.out());
        assertTrue(run.out().contains(Architectures.supported().size() + " types of models"), run.out());
        assertFalse(run.out().contains("\nnote   dtype"), run.out());
    }

    /** Whether there is something to warn of depends on this machine. */
    @Test
    void aChosenTypeThatIsSlowHereIsWarnedOf() {
        Optional<String> warning = ComputeType.BFLOAT16.warning();

        CliRun doctor = CliRun.of("doctor", "--model", MODEL, "--dtype", "bfloat16");
        assertEquals(warning.isPresent(), doctor.out().contains("\nnote   dtype"), doctor.out());
        CliRun analysis = CliRun.of("analyze", "--model", MODEL, "--dtype", "bfloat16", "hello world");
        assertEquals(0, analysis.exitCode(), analysis.err());
        assertEquals(warning.map(words -> words + "\n").orElse(""), analysis.err());
    }
}
