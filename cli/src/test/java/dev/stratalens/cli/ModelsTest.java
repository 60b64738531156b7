package dev.stratalens.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.stratalens.cli.terminal.ColorDepth;
import dev.stratalens.cli.terminal.Terminal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code models list|pull|inspect|verify|remove} against a hub on loopback. */
class ModelsTest {

    @TempDir
    Path cache;

    private DirectoryHub hub;

    @BeforeEach
    void startHub() throws IOException {
        hub = new DirectoryHub(CliRun.TINY);
    }

    @AfterEach
    void stopHub() {
        hub.close();
    }

    @Test
    void pullDownloadsAndListShowsIt() {
        JsonArray none = json("models", "list", "--format", "json").getAsJsonArray("cached");
        assertEquals(0, none.size());

        CliRun pull = run("models", "pull", DirectoryHub.MODEL);
        assertEquals(0, pull.exitCode(), pull.err());
        assertTrue(pull.out().startsWith("hf:org/tiny is complete in " + cache), pull.out());

        JsonObject cached = json("models", "--format", "json")
                .getAsJsonArray("cached")
                .get(0)
                .getAsJsonObject();
        assertEquals("org/tiny", cached.get("repository").getAsString());
        assertEquals(DirectoryHub.COMMIT, cached.get("commit").getAsString());
        assertEquals("main", cached.getAsJsonArray("refs").get(0).getAsString());
        assertTrue(cached.get("complete").getAsBoolean());
        String table = run("models", "list").out();
        assertTrue(table.contains("hf:org/tiny  main      c0ffee00"), table);
        assertTrue(table.contains("demo "), table);
    }

    @Test
    void inspectSaysWhatAModelIs() {
        CliRun table = run("models", "inspect", DirectoryHub.MODEL);
        assertEquals(0, table.exitCode(), table.err());
        for (String line : new String[] {
            "family       gpt2",
            "stored as    float16",
            "final norm   layer norm",
            "head         tied",
            "tokenizer    BPE",
            "revision     " + DirectoryHub.COMMIT,
            "logit cap    none",
            "mixers       3 attention",
            "left out     nothing",
            "lens         a layer is the stream after a block, read by the model's own final norm and head",
            "  model.safetensors"
        }) {
            assertTrue(table.out().contains(line), line + " in " + table.out());
        }
        JsonObject json = json("models", "inspect", CliRun.TINY.toString(), "--format", "json");
        assertEquals("gpt2", json.get("architecture").getAsString());
        // Stored in float16, so that the matrix that embeds and unembeds is converted for both.
        long shared =
                json.get("vocab_size").getAsLong() * json.get("hidden_size").getAsLong();
        assertEquals(
                4 * (json.get("parameter_count").getAsLong() + shared),
                json.get("weight_bytes").getAsLong());
        assertTrue(json.get("tied_head").getAsBoolean());
    }

    @Test
    void inspectSaysWhatIsReadAndWhatIsLeftOut() {
        JsonObject seeing = inspected("parity/qwen3_vl");
        assertEquals(
                27, seeing.getAsJsonObject("tensors_left_out").get("visual.*").getAsInt());
        assertEquals(2, seeing.getAsJsonObject("mixers").get("attention").getAsInt());
        assertTrue(seeing.getAsJsonArray("lens").toString().contains("prompts are text alone"), seeing.toString());

        JsonObject predicting = inspected("parity/deepseek_v3");
        assertEquals(
                32,
                predicting.getAsJsonObject("tensors_left_out").get("layers.2.*").getAsInt());
        assertEquals(1, predicting.get("blocks_with_experts").getAsInt());

        JsonObject hybrid = inspected("parity/nemotron_h");
        assertEquals(
                Set.of("Mamba-2", "attention", "feed-forward alone"),
                hybrid.getAsJsonObject("mixers").keySet());
        assertTrue(hybrid.getAsJsonArray("lens").toString().contains("a block is one part"), hybrid.toString());

        JsonObject quantized = inspected("formats/models/mlx-4bit");
        assertTrue(quantized.get("tensors_quantized").getAsInt() > 0, quantized.toString());
    }

    private JsonObject inspected(String fixture) {
        return json(
                "models",
                "inspect",
                CliRun.ROOT
                        .resolve("server/engine/src/test/resources/" + fixture)
                        .toString(),
                "--format",
                "json");
    }

    @Test
    void verifyChecksFilesAndTheLens() throws IOException {
        JsonObject json = json("models", "verify", DirectoryHub.MODEL, "--format", "json");
        assertTrue(json.getAsJsonObject("self_check").get("top1_agrees").getAsBoolean());
        json.getAsJsonArray("files")
                .forEach(file -> assertEquals(
                        "intact", file.getAsJsonObject().get("state").getAsString()));

        damage("tokenizer.json");
        CliRun damaged = run("models", "verify", DirectoryHub.MODEL);
        assertEquals(3, damaged.exitCode());
        assertTrue(damaged.out().contains("damaged"), damaged.out());
        assertTrue(damaged.out().contains("stratalens models remove hf:org/tiny, then"), damaged.out());
        assertFalse(damaged.out().contains("The lens"), damaged.out());
    }

    @Test
    void verifyLooksAtTheLensOfADirectoryWithoutHashes() {
        CliRun run = run("models", "verify", CliRun.TINY.toString());
        assertEquals(0, run.exitCode(), run.err());
        assertTrue(run.out().contains("unchecked"), run.out());
        assertTrue(run.out().contains("The lens of the last block is the model's output within"), run.out());
    }

    @Test
    void removeAsksFirst() {
        run("models", "pull", DirectoryHub.MODEL);
        Terminal terminal = new Terminal(true, false, false, 100, 50, ColorDepth.PLAIN);

        CliRun unasked = run("models", "remove", DirectoryHub.MODEL);
        assertEquals(2, unasked.exitCode());
        assertTrue(unasked.err().contains("add --yes"), unasked.err());
        CliRun refused = CliRun.run(terminal, "n\n", environment(), "models", "remove", DirectoryHub.MODEL);
        assertEquals(130, refused.exitCode());
        assertTrue(refused.err().contains("Remove 1 of 1 revisions of org/tiny"), refused.err());
        assertTrue(Files.exists(cache.resolve("models--org--tiny")));

        CliRun agreed = CliRun.run(terminal, "y\n", environment(), "models", "remove", DirectoryHub.MODEL);
        assertEquals(0, agreed.exitCode(), agreed.err());
        assertTrue(agreed.out().startsWith("Removed hf:org/tiny; "), agreed.out());
        assertFalse(Files.exists(cache.resolve("models--org--tiny")));
    }

    @Test
    void removeTakesARevisionAndNamesWhatIsNotThere() {
        run("models", "pull", DirectoryHub.MODEL);

        CliRun unknown = run("models", "remove", "hf:org/tiny@v9", "--yes");
        assertEquals(3, unknown.exitCode());
        assertTrue(unknown.err().contains("no such revision"), unknown.err());
        JsonObject json = json("models", "remove", "hf:org/tiny@main", "--yes", "--format", "json");
        assertEquals(
                DirectoryHub.COMMIT, json.getAsJsonArray("revisions").get(0).getAsString());
        CliRun gone = run("models", "remove", DirectoryHub.MODEL, "--yes");
        assertEquals(3, gone.exitCode());
        assertTrue(gone.err().contains("is not in the cache"), gone.err());
    }

    @ParameterizedTest
    @ValueSource(strings = {"list", "pull", "inspect", "verify", "remove"})
    void everyCommandHasHelpWithAnExampleAndIsCompleted(String command) {
        CliRun run = CliRun.of("models", command, "--help");
        assertEquals(0, run.exitCode(), run.err());
        assertTrue(run.out().contains("\n  stratalens models " + command), run.out());
        run.out().lines().forEach(line -> assertTrue(line.length() <= 100, line));
        assertTrue(CliRun.of("completion").out().contains("_picocli_stratalens_models_" + command));
    }

    private void damage(String file) throws IOException {
        Path snapshot = cache.resolve("models--org--tiny/snapshots").resolve(DirectoryHub.COMMIT);
        Files.writeString(snapshot.resolve(file).toRealPath(), "{}");
    }

    private JsonObject json(String... arguments) {
        CliRun run = run(arguments);
        assertEquals(0, run.exitCode(), run.err());
        return JsonParser.parseString(run.out()).getAsJsonObject();
    }

    private CliRun run(String... arguments) {
        return CliRun.within(environment(), arguments);
    }

    private Map<String, String> environment() {
        return hub.environment(cache);
    }
}
