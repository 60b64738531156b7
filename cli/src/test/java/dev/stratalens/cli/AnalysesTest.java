package dev.stratalens.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.stratalens.cli.terminal.ColorDepth;
import dev.stratalens.cli.terminal.Terminal;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The analyses of one prompt, on the demo model and on results that were saved. */
class AnalysesTest {

    private static final String FRANCE = "The capital of France is";

    /** {@code analyze} of {@link #FRANCE}, saved. */
    private static final String SAVED = CliRun.ROOT
            .resolve("client-sdk/report/src/test/resources/dev/stratalens/report/figure/france.json")
            .toString();

    @TempDir
    Path folder;

    @Test
    void ranksAreThoseOfTheNextTokenUnlessOneIsNamed() {
        JsonObject next = json("ranks", FRANCE);
        JsonObject target = next.getAsJsonArray("targets").get(0).getAsJsonObject();
        assertEquals("next", target.get("name").getAsString());
        JsonArray last = target.getAsJsonArray("rank").get(9).getAsJsonArray();
        assertTrue(last.get(5).isJsonNull()); // nothing follows
        assertEquals(1, last.get(1).getAsInt()); // after "The": " capital"
        JsonObject paris = json("ranks", FRANCE, "--target", " Paris")
                .getAsJsonArray("targets")
                .get(0)
                .getAsJsonObject();
        assertEquals(1, cell(paris, "rank", 9, 5).getAsInt());
        assertTrue(cell(paris, "rank", 0, 5).getAsInt() > 100);
    }

    @Test
    void variantsOfAWordAreOneTargetAndWhatTheVocabularyLacksIsNamed() {
        CliRun run = CliRun.of("ranks", FRANCE, "--target", "paris", "--variants");
        assertTrue(run.out().contains("Probability and rank (1 is the top) of ·Paris, id 1588"), run.out());
        assertTrue(run.out().contains("no such token: paris (p ar is)"), run.out());
        JsonObject the = json("ranks", FRANCE, "--target", "the", "--variants")
                .getAsJsonArray("targets")
                .get(0)
                .getAsJsonObject();
        int spellings = the.getAsJsonArray("tokens").get(0).getAsJsonArray().size();
        assertEquals(4, spellings + the.getAsJsonArray("left_out").size());
        assertTrue(spellings > 1, "the vocabulary has several");
    }

    @Test
    void aWordOfSeveralTokensSaysWhichOneIsFollowed() {
        CliRun run = CliRun.of("ranks", FRANCE, "--target", " Zorblat");
        assertTrue(run.out().contains("·Zorblat (·Z or b l at) is several tokens"), run.out());
        assertTrue(run.out().contains("--variants"), run.out());
    }

    @Test
    void klIsFromTheFinalLayerOrFromTheNext() {
        JsonObject fromFinal = json("kl", FRANCE);
        assertEquals(0, cell(fromFinal, "kl-from-final", 9, 5).getAsDouble());
        assertTrue(cell(fromFinal, "kl-from-final", 0, 5).getAsDouble() > 10);
        JsonObject fromNext = json("kl", FRANCE, "--from", "next");
        assertTrue(cell(fromNext, "kl-from-next", 9, 5).isJsonNull());
        assertTrue(cell(fromNext, "kl-from-next", 0, 5).getAsDouble() > 0);
        assertFalse(fromNext.has("kl-from-final"));
    }

    @Test
    void entropyFallsAsTheAnswerForms() {
        JsonObject entropy = json("entropy", FRANCE, "--embedding");
        assertEquals(-1, entropy.getAsJsonArray("layers").get(0).getAsInt());
        assertTrue(cell(entropy, "entropy", 10, 5).getAsDouble() < 0.1);
        assertEquals(
                6,
                entropy.getAsJsonArray("by_layer")
                        .get(0)
                        .getAsJsonObject()
                        .get("count")
                        .getAsInt());
    }

    @Test
    void logitsAreOfTheBestTokenOrOfTargetsOrTheirDifference() {
        JsonObject best = json("logits", FRANCE);
        assertEquals(
                " Paris",
                best.getAsJsonArray("best")
                        .get(9)
                        .getAsJsonArray()
                        .get(5)
                        .getAsJsonObject()
                        .get("text")
                        .getAsString());
        JsonObject contrast = json("logits", FRANCE, "--target", " Paris", "--against", " Rome");
        JsonObject paris = contrast.getAsJsonArray("targets").get(0).getAsJsonObject();
        assertTrue(cell(paris, "log_odds", 9, 5).getAsDouble() > 5);
        assertTrue(cell(paris, "log_odds", 2, 5).getAsDouble() < 0); // Rome leads there
        assertEquals(
                cell(best, "logit", 9, 5).getAsDouble(),
                cell(paris, "logit", 9, 5).getAsDouble(),
                1e-3);
    }

    @Test
    void trajectoriesAreOfTheFinalistsOrThePeaksOrOfTargets() {
        assertEquals(
                " Paris",
                name(json("trajectory", FRANCE).getAsJsonArray("curves").get(0)));
        JsonArray peaks =
                json("trajectory", FRANCE, "--choose", "peak", "--top-k", "2").getAsJsonArray("curves");
        assertEquals(List.of(" Paris", " the"), List.of(name(peaks.get(0)), name(peaks.get(1))));
        JsonObject contrast = json(
                        "trajectory", FRANCE, "--target", " Paris", "--against", " Rome", "--positions", "4,last")
                .getAsJsonArray("contrasts")
                .get(1)
                .getAsJsonObject();
        assertEquals(5, contrast.get("position").getAsInt());
        assertEquals(6, contrast.get("ahead_from").getAsInt());
    }

    @Test
    void aGroupIsSummed() {
        JsonArray curves = json(
                        "trajectory", FRANCE, "--group", " Paris, Rome", "--target", " Paris", "--target", " Rome")
                .getAsJsonArray("curves");
        double paris = logProb(curves, 0);
        double rome = logProb(curves, 1);
        assertEquals(Math.log(Math.exp(paris) + Math.exp(rome)), logProb(curves, 2), 1e-5);
    }

    @Test
    void crystallizationIsTheOneOfTheResult() {
        JsonObject depths = json("crystallize", FRANCE, "--rank", "1");
        JsonObject last = depths.getAsJsonArray("depths").get(5).getAsJsonObject();
        assertEquals(6, last.get("crystallization").getAsInt());
        assertEquals(last.get("first_appearance"), last.get("first_within_rank"));
        assertEquals(0, depths.getAsJsonObject("summary").get("never_share").getAsInt());
        CliRun run = CliRun.of("crystallize", FRANCE, "--target", " Paris", "--against", " Rome");
        assertTrue(run.out().contains("ahead of ·Rome"), run.out());
        assertTrue(run.out().contains("Late, in the last third: 1."), run.out());
    }

    @ParameterizedTest
    @ValueSource(strings = {"kl", "entropy", "logits", "trajectory", "crystallize"})
    void aSavedResultGivesWhatThePromptGives(String command) throws IOException {
        String saved = save();
        JsonObject computed = json(command, FRANCE, "--positions", "4-last");
        JsonObject read = json(command, "--input", saved, "--positions", "4-last");
        assertNear(computed, read, command);
        CliRun csv = CliRun.of(command, "--input", saved, "--positions", "last", "--format", "csv");
        assertEquals(0, csv.exitCode(), csv.err());
        assertTrue(csv.out().contains(" is,"), csv.out());
    }

    @Test
    void aSavedResultIsReadFromAPipeToo() throws IOException {
        CliRun run = CliRun.with(Files.readString(Path.of(SAVED)), "entropy", "--input", "-");
        assertEquals(0, run.exitCode(), run.err());
        assertEquals(CliRun.of("entropy", "--input", SAVED).out(), run.out());
    }

    @Test
    void aSavedResultSaysWhatItLacks() {
        CliRun run = CliRun.of("kl", "--input", save(), "--from", "next");
        assertEquals(2, run.exitCode());
        assertTrue(run.err().contains("no kl-from-next. Compute it again with --stats kl-from-next"), run.err());
        CliRun ranks = CliRun.of("crystallize", "--input", SAVED);
        assertTrue(ranks.err().contains("--rank 2 or less"), ranks.err());
    }

    @Test
    void csvHasALineForEveryCell() {
        String csv = CliRun.of("ranks", FRANCE, "--target", " Paris", "--format", "csv")
                .out();
        assertTrue(
                csv.startsWith("target,layer,position,prompt_token_id,prompt_token,rank,log_prob\n Paris,0,0,0,"), csv);
        assertEquals(61, csv.lines().count());
    }

    @Test
    void aFileGetsTheOutputAndStandardOutputNothing() throws IOException {
        Path file = folder.resolve("kl.csv");
        CliRun run = CliRun.of("kl", FRANCE, "--format", "csv", "--output", file.toString());
        assertEquals("", run.out());
        assertEquals(61, Files.readAllLines(file).size());
    }

    @ParameterizedTest
    @ValueSource(strings = {"ranks", "kl", "entropy", "logits", "trajectory", "crystallize"})
    void everyAnalysisIsDrawn(String command) throws IOException {
        String saved = save();
        Path svg = folder.resolve("a.svg");
        Path png = folder.resolve("a.png");
        Path html = folder.resolve("a.html");
        assertEquals("", run(command, "--input", saved, "--format", "svg", "--output", svg.toString()));
        assertEquals("", run(command, "--input", saved, "--format", "png", "--output", png.toString()));
        assertEquals("", run(command, "--input", saved, "--format", "html", "--output", html.toString()));
        assertTrue(Files.readString(svg).startsWith("<svg "), Files.readString(svg));
        assertEquals("PNG", new String(Files.readAllBytes(png), 1, 3, StandardCharsets.US_ASCII));
        assertTrue(Files.readString(html).startsWith("<!doctype html>"), "an HTML page");
        String markdown = run(command, "--input", saved, "--format", "markdown");
        assertTrue(markdown.contains("--:|"), markdown);
    }

    @Test
    void severalTargetsAreDrawnAsCurves() {
        String svg = run(
                "ranks", FRANCE, "--target", " Paris", "--target", " Rome", "--positions", "last", "--format", "svg");
        assertTrue(svg.contains("At position 5, by layer") && svg.contains("·Rome"), svg);
        CliRun logits = CliRun.of("logits", FRANCE, "--target", " Paris", "--target", " Rome", "--format", "svg");
        assertEquals(2, logits.exitCode());
        assertTrue(logits.err().contains("one --target, not of 2"), logits.err());
    }

    @Test
    void aPageForTheBrowserHasAllThatTheViewerShows() throws IOException {
        Path html = folder.resolve("lens.html");
        Path all = folder.resolve("all.html");
        run("ranks", FRANCE, "--format", "html", "--output", html.toString());
        run("analyze", FRANCE, "--target", "next", "--format", "html", "--output", all.toString());
        assertTrue(Math.abs(Files.size(all) - Files.size(html)) < 200, "alike but for the times that it took");
    }

    @Test
    void picturesDoNotGoToATerminal() {
        Terminal terminal = new Terminal(true, true, true, 80, 50, ColorDepth.TRUE_COLOR);
        CliRun run = CliRun.on(terminal, "", "kl", "--input", SAVED, "--format", "png");
        assertEquals(2, run.exitCode());
        assertTrue(run.err().contains("--output lens.png"), run.err());
        assertTrue(CliRun.on(terminal, "", "kl", "--input", SAVED).out().contains("\033[38;2;"), "colors");
    }

    @Test
    void aStrideShortensHeatMapsAndKeepsTheLastLayer() {
        String table = run("kl", FRANCE, "--stride", "4");
        assertTrue(table.contains("every 4th layer"), table);
        assertTrue(table.contains("\n    9 The"), table);
    }

    private static String run(String... arguments) {
        CliRun run = CliRun.of(arguments);
        assertEquals(0, run.exitCode(), run.err());
        return run.out();
    }

    private String save() {
        Path file = folder.resolve("lens.json");
        CliRun run = CliRun.of(
                "analyze", FRANCE, "--exact", "--target", "final-top", "--format", "json", "--output", file.toString());
        assertEquals(0, run.exitCode(), run.err());
        return file.toString();
    }

    private static JsonObject json(String... arguments) {
        String[] all = new String[arguments.length + 2];
        System.arraycopy(arguments, 0, all, 0, arguments.length);
        all[arguments.length] = "--format";
        all[arguments.length + 1] = "json";
        CliRun run = CliRun.within(Map.of(), all);
        assertEquals(0, run.exitCode(), run.err());
        JsonObject json = JsonParser.parseString(run.out()).getAsJsonObject();
        assertEquals("stratalens-analysis/1", json.get("format").getAsString());
        assertEquals(arguments[0], json.get("analysis").getAsString());
        return json;
    }

    /** Other positions are computed in other tiles: the last bits of the numbers may differ, nothing else. */
    private static void assertNear(JsonElement one, JsonElement other, String where) {
        if (one.isJsonObject()) {
            assertEquals(one.getAsJsonObject().keySet(), other.getAsJsonObject().keySet(), where);
            one.getAsJsonObject()
                    .entrySet()
                    .forEach(entry -> assertNear(
                            entry.getValue(),
                            other.getAsJsonObject().get(entry.getKey()),
                            where + "." + entry.getKey()));
        } else if (one.isJsonArray()) {
            assertEquals(one.getAsJsonArray().size(), other.getAsJsonArray().size(), where);
            for (int i = 0; i < one.getAsJsonArray().size(); i++) {
                assertNear(one.getAsJsonArray().get(i), other.getAsJsonArray().get(i), where + "[" + i + "]");
            }
        } else if (one.isJsonPrimitive() && one.getAsJsonPrimitive().isNumber()) {
            assertEquals(one.getAsDouble(), other.getAsDouble(), 1e-3, where);
        } else {
            assertEquals(one, other, where);
        }
    }

    private static JsonElement cell(JsonObject json, String key, int layer, int position) {
        return json.getAsJsonArray(key).get(layer).getAsJsonArray().get(position);
    }

    private static String name(JsonElement curve) {
        return curve.getAsJsonObject().get("name").getAsString();
    }

    private static double logProb(JsonArray curves, int curve) {
        return curves.get(curve)
                .getAsJsonObject()
                .getAsJsonArray("log_prob")
                .get(2)
                .getAsDouble();
    }
}
