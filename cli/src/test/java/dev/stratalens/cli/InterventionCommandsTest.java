package dev.stratalens.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code patch}, {@code steer} and {@code sweep} with small models, through a server in this process. */
class InterventionCommandsTest {

    private static final Path MODELS = CliRun.ROOT.resolve("server/engine/src/test/resources/parity");
    private static final String PROMPT = "the quick";
    private static final String OTHER = "lazy dogs sleep";

    @TempDir
    Path folder;

    private static CliRun run(String command, String... more) {
        List<String> arguments = new ArrayList<>(
                List.of(command, PROMPT, "--model", MODELS.resolve("gpt2").toString()));
        Collections.addAll(arguments, more);
        return CliRun.of(arguments.toArray(String[]::new));
    }

    private static JsonObject json(String command, String... more) {
        List<String> arguments = new ArrayList<>(List.of(more));
        Collections.addAll(arguments, "--format", "json");
        CliRun run = run(command, arguments.toArray(String[]::new));
        assertEquals(0, run.exitCode(), run.err());
        return JsonParser.parseString(run.out()).getAsJsonObject();
    }

    private static double metric(JsonObject found, int index, String which) {
        return found.getAsJsonArray("metrics")
                .get(index)
                .getAsJsonObject()
                .get(which)
                .getAsDouble();
    }

    @Test
    void patchShowsBothPassesAndTheirMetrics() {
        CliRun run = run("patch", "--from", OTHER, "--at-layers", "1", "--target", "id:5", "--against", "id:6");

        assertEquals(0, run.exitCode(), run.err());
        for (String expected : List.of(
                "A is the prompt as it is, B with rows changed: block-output, layers 1, tokens last, replaced from"
                        + " \"lazy dogs sleep\"",
                "log-probability of token 5",
                "logit of token 5 minus that of token 6",
                "KL from the unchanged output",
                "The change can reach")) {
            assertTrue(run.out().replaceAll("\\s+", " ").contains(expected), run.out());
        }
    }

    @Test
    void patchingAPromptWithItselfChangesNothing() {
        JsonObject found = json("patch", "--from", PROMPT, "--at-layers", "0-last", "--at-positions", "all");

        assertEquals(0, metric(found, 0, "changed"), 1e-6);
        assertEquals("stratalens-intervention/1", found.get("format").getAsString());
    }

    @ParameterizedTest
    @CsvSource({
        "--zero, ATTENTION-OUTPUT",
        "--times 2, attention-residual",
        "--mean-of 'the lazy dog', feed-forward-output",
        "--skip-block, block-output",
        "--zero, attention-heads"
    })
    void patchSetsRowsOfEachSite(String replacement, String site) {
        List<String> arguments = new ArrayList<>(List.of("--site", site, "--at-layers", "1"));
        Collections.addAll(arguments, replacement.replace("'", "").split(" ", 2));

        assertTrue(metric(json("patch", arguments.toArray(String[]::new)), 0, "changed") > 0);
    }

    @Test
    void steeringTowardATokenRaisesItsProbability() {
        JsonObject found = json("steer", "--toward", "id:5", "--at-layers", "2", "--strength", "2", "--target", "id:5");

        assertTrue(metric(found, 0, "changed") > metric(found, 0, "unchanged"), found::toString);
    }

    @Test
    void steeringWithPromptsAVectorOrARemovalMovesTheOutput() throws IOException {
        Path vector = Files.writeString(
                folder.resolve("vector.json"), Collections.nCopies(24, 0.5).toString());
        JsonObject prompts = json("steer", "--more", OTHER, "--less", PROMPT, "--at-layers", "1", "--strength", "1");
        JsonObject removed = json("steer", "--toward", "id:5", "--remove", "--at-layers", "0-last");
        JsonObject numbers = json("steer", "--vector", vector.toString(), "--at-layers", "1", "--factor", "2");

        assertTrue(metric(prompts, 0, "changed") > 0);
        assertTrue(metric(removed, 0, "changed") > 0);
        assertTrue(metric(numbers, 0, "changed") > 0);
    }

    @Test
    void steeringThroughALensTakesItsMaps() {
        String lens = "fitted=" + MODELS.resolveSibling("lenses/gpt2/jacobian.pt");
        String[] through = {
            "--lens-file", lens, "--toward", "id:5", "--through", "fitted", "--at-layers", "0", "--target", "id:5"
        };
        JsonObject found = json("steer", through);
        JsonObject plain = json("steer", "--toward", "id:5", "--at-layers", "0", "--target", "id:5");
        CliRun absent = run("steer", "--toward", "id:5", "--through", "fitted", "--at-layers", "0");

        assertTrue(metric(found, 0, "changed") > metric(found, 0, "unchanged"), found::toString);
        assertTrue(Math.abs(metric(found, 0, "changed") - metric(plain, 0, "changed")) > 1e-3, plain::toString);
        assertTrue(found.get("change").getAsString().contains("through fitted"), found::toString);
        assertTrue(absent.err().contains("this model has no lens \"fitted\""), absent.err());
    }

    @Test
    void sweepHasACellForEachLayerAndToken() {
        JsonObject found = json("sweep", "--from", OTHER, "--target", "id:5", "--against", "id:6");
        int layers = found.getAsJsonArray("layers").size();
        int tokens = found.getAsJsonArray("tokens").size();

        assertEquals("stratalens-sweep/1", found.get("format").getAsString());
        assertEquals(layers * tokens, found.getAsJsonArray("values").size());
        // The last row of the last block is all that the output reads.
        assertEquals(
                found.get("source").getAsDouble(),
                found.getAsJsonArray("values").get(layers * tokens - 1).getAsDouble(),
                1e-3);
    }

    @Test
    void sweepIsATableALineForEachCellAndAPicture() throws IOException {
        Path picture = folder.resolve("sweep.svg");
        CliRun table = run("sweep", "--zero", "--site", "attention-heads", "--by-head", "--at-layers", "1");
        CliRun csv = run("sweep", "--zero", "--format", "csv");
        CliRun drawn = run("sweep", "--zero", "--output", picture.toString());

        assertEquals(0, table.exitCode(), table.err());
        assertTrue(table.out().contains("1 head 0"), table.out());
        assertTrue(table.out().contains("It moves most at"), table.out());
        List<String> lines = csv.out().lines().toList();
        assertEquals("layer,position,token,head,value,change", lines.get(0));
        assertTrue(lines.size() > 6, csv.out());
        assertEquals(0, drawn.exitCode(), drawn.err());
        assertTrue(Files.readString(picture).contains("How far each change alone moves"));
    }

    @Test
    void aPictureOutlinesWhatTheChangeCanReach() throws IOException {
        Path picture = folder.resolve("patched.svg");
        CliRun run = run(
                "patch", "--from", OTHER, "--at-layers", "1", "--at-positions", "last", "--output", picture.toString());

        assertEquals(0, run.exitCode(), run.err());
        String svg = Files.readString(picture);
        assertTrue(svg.contains("the line surrounds the cells that the change can reach"), svg);
        assertTrue(svg.contains("stroke-linecap=\"square\""), svg);
    }

    @Test
    void aPageHasBothPasses() throws IOException {
        Path page = folder.resolve("patched.html");
        CliRun run = run("patch", "--from", OTHER, "--at-layers", "1", "--output", page.toString());

        assertEquals(0, run.exitCode(), run.err());
        assertTrue(Files.size(page) > 10_000);
    }

    @ParameterizedTest
    @CsvSource({
        "patch, --at-layers 1, say once what the rows become",
        "patch, --zero, --at-layers: name the blocks",
        "patch, --zero --times 2 --at-layers 1, say once what the rows become",
        "patch, --zero --at-layers 99, is out of range",
        "patch, --from x --site embedding --at-layers 1, the embedding is before the blocks",
        "steer, --at-layers 1, say once in which direction",
        "steer, --more x --at-layers 1, needs --more TEXT and --less TEXT",
        "steer, --toward next --at-layers 1, is another token at each position",
        "steer, --toward id:5 --strength 1 --factor 2 --at-layers 1, exclude each other",
        "steer, --toward id:5 --factor 1e9 --at-layers 1, is out of range",
        "sweep, --zero --by-head, --by-head needs --site attention-heads",
        "sweep, --zero --against id:3, need --target TOKEN"
    })
    void whatCannotBeMeantIsRefused(String command, String options, String message) {
        CliRun run = run(command, options.split(" "));

        assertTrue(run.exitCode() != 0, run.out());
        assertTrue(run.err().contains(message), run.err());
    }
}
