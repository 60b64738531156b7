package dev.stratalens.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code lens inspect} and {@code lens convert}, with small lenses that Python wrote. */
class FittedLensesTest {

    private static final Path LENSES = CliRun.ROOT.resolve("server/engine/src/test/resources/lenses");

    @TempDir
    Path folder;

    @Test
    void inspectSaysWhatALensIs() {
        Path lens = LENSES.resolve("gpt2/tuned");
        CliRun run = CliRun.of("lens", "inspect", lens.toString());

        assertEquals(0, run.exitCode(), run.err());
        assertEquals("""
                lens         %s
                form         h + A h + b
                width        24
                reads at     embedding, layers 0 to 1
                biases       yes
                stored as    F32, 7.2 kB
                fitted by    tuned-lens
                for model    tiny
                revision     not told
                head         SHA-256 %s
                on prompts   not told
                left out     not told
                """.formatted(lens, hash(lens)), run.out());
    }

    @ParameterizedTest
    @ValueSource(strings = {"gpt2/jacobian.pt", "gpt2/clustered.pt", "qwen3_5/tuned", "llama/mlxterp.npz"})
    void aConvertedLensIsTheSame(String name) throws Exception {
        Path lens = LENSES.resolve(name);
        Path output = folder.resolve("lens.safetensors");
        CliRun run = CliRun.of("lens", "convert", lens.toString(), "--output", output.toString());
        assertEquals(0, run.exitCode(), run.err());
        assertEquals("", run.out());

        JsonObject before = inspected(lens);
        JsonObject after = inspected(output);
        before.remove("lens");
        after.remove("lens");
        assertEquals(before, after);

        Path again = folder.resolve("again.safetensors");
        CliRun.of("lens", "convert", output.toString(), "--output", again.toString());
        assertEquals(-1, Files.mismatch(output, again));
    }

    @Test
    void aLensThatCannotBeReadLeavesNoFile() throws Exception {
        Path output = folder.resolve("lens.safetensors");
        CliRun run = CliRun.of(
                "lens", "convert", LENSES.resolve("bad/unfinished.pt").toString(), "--output", output.toString());

        assertTrue(run.exitCode() != 0);
        assertTrue(run.err().contains("sums over 80 prompts"), run.err());
        List<Path> left = new ArrayList<>();
        try (var files = Files.list(folder)) {
            files.forEach(left::add);
        }
        assertEquals(List.of(), left);
    }

    private static final String GPT2 =
            CliRun.ROOT.resolve("server/engine/src/test/resources/parity/gpt2").toString();

    private static List<String> with(String command, String lens, String... more) {
        List<String> arguments = new ArrayList<>(List.of(command, "--model", GPT2, "--lens-file"));
        arguments.add("fitted=" + LENSES.resolve("gpt2").resolve(lens));
        arguments.addAll(List.of(more));
        return arguments;
    }

    private static CliRun run(List<String> arguments) {
        return CliRun.of(arguments.toArray(String[]::new));
    }

    @Test
    void analyzeReadsThroughSeveralLensesInOneRun() {
        CliRun run = run(with("analyze", "jacobian.pt", "--lens", "logit", "--lens", "fitted", " the in is"));

        assertEquals(0, run.exitCode(), run.err());
        assertTrue(run.out().contains("Lens logit."), run.out());
        assertTrue(
                run.out()
                        .replaceAll("\\s+", " ")
                        .contains(
                                "Lens fitted. Not available, because it has no map there: layer 1. It was fitted without the first 16"
                                        + " positions of each prompt; numbers there mean little. The file of the lens fitted does not"
                                        + " say for which model it was fitted; only width and layers were checked."),
                run.out());
        assertEquals(1, run.out().split("Self-check", -1).length - 1, run.out());
        String[] lenses = run.out().split("Lens fitted", -1);
        assertFalse(lenses[0].contains("0*"), run.out());
        assertTrue(lenses[1].contains("A position with * is one of these."), run.out());
        assertTrue(lenses[1].contains(" 0* ") && lenses[1].contains(" 2*"), run.out());
    }

    @Test
    void csvAndJsonHaveEveryLensAtItsOwnLayers() {
        String[] lenses = {"--lens", "logit", "--lens", "fitted", " the in is"};
        List<String> csv = with("analyze", "jacobian.pt", lenses);
        csv.addAll(List.of("--format", "csv", "--top-k", "1", "--positions", "last"));
        assertEquals(
                List.of("lens,layer", "logit,0", "logit,1", "logit,2", "transport:fitted,0", "transport:fitted,2"),
                run(csv).out()
                        .lines()
                        .map(line -> String.join(",", List.of(line.split(",")).subList(0, 2)))
                        .toList());

        List<String> json = with("analyze", "jacobian.pt", lenses);
        json.addAll(List.of("--format", "json"));
        JsonObject result = JsonParser.parseString(run(json).out()).getAsJsonObject();
        assertEquals(5, result.getAsJsonArray("readings").size());
        assertEquals(
                "[0,2]",
                result.getAsJsonArray("coverage")
                        .get(1)
                        .getAsJsonObject()
                        .get("read_points")
                        .toString());
    }

    @Test
    void aSavedResultOfSeveralLensesIsShown() throws Exception {
        Path file = folder.resolve("lens.json");
        List<String> json =
                with("analyze", "tuned", "--embedding", "--lens", "logit", "--lens", "fitted", " the in is");
        json.addAll(List.of("--format", "json", "--output", file.toString()));
        assertEquals(0, run(json).exitCode());

        CliRun shown = CliRun.of("show", file.toString());
        CliRun one = CliRun.of("show", file.toString(), "--lens", "fitted", "--format", "csv");

        assertEquals(0, shown.exitCode(), shown.err());
        assertTrue(shown.out().contains("Lens fitted."), shown.out());
        assertTrue(one.out().startsWith("layer,"), one.out());
        CliRun absent = CliRun.of("show", file.toString(), "--lens", "other");
        assertEquals(2, absent.exitCode());
        assertTrue(absent.err().contains("--lens other: this result has logit, transport:fitted."), absent.err());
    }

    @Test
    void anAnalysisReadsThroughOneLens() {
        CliRun logit = run(with("kl", "clustered.pt", "--format", "csv", " the in is"));
        CliRun fitted = run(with("kl", "clustered.pt", "--lens", "fitted", "--format", "csv", " the in is"));
        CliRun two = run(with("kl", "clustered.pt", "--lens", "fitted", "--lens", "raw", " the in is"));

        assertEquals(0, fitted.exitCode(), fitted.err());
        assertTrue(!fitted.out().equals(logit.out()), fitted.out());
        assertEquals(2, two.exitCode());
        assertTrue(two.err().contains("--lens: this command shows one lens, and there are 2."), two.err());
    }

    @Test
    void compareShowsTwoLensesOfOneRun() {
        CliRun run = run(with("compare", "tuned", "--lens", "logit", "--lens", "fitted", " the in is"));

        assertEquals(0, run.exitCode(), run.err());
        CliRun page =
                run(with("analyze", "tuned", "--lens", "logit", "--lens", "fitted", "--format", "html", " the in is"));
        assertEquals(0, page.exitCode(), page.err());
        assertTrue(page.out().contains("id=\"result-1-head\""), "both lenses are on the page");
    }

    @Test
    void aLensThatTheModelDoesNotHaveIsNamedWithThoseThatItHas() {
        CliRun run = run(with("analyze", "tuned", "--lens", "fited", " the in is"));

        assertEquals(2, run.exitCode());
        assertTrue(run.err().contains("this model has no lens \"fited\". It has the fitted lenses fitted."), run.err());
    }

    @Test
    void aLensOfAnotherModelIsRefused() {
        CliRun run = CliRun.of(
                "analyze",
                "--model",
                GPT2,
                "--lens-file",
                "other=" + LENSES.resolve("llama/tuned"),
                "--lens",
                "other",
                " the in is");

        assertEquals(3, run.exitCode());
        assertTrue(
                run.err()
                        .contains(
                                "The lens other does not fit this model: its maps are 36 wide, but the model has rows of 24"),
                run.err());
    }

    @Test
    void listShowsTheLensesOfAModel() {
        List<String> list = with("lens", "mlxterp.npz");
        list.add(1, "list");

        CliRun run = run(list);

        assertEquals(0, run.exitCode(), run.err());
        assertTrue(run.out().contains("fitted  A h + b  layers 0 to 2  mlxterp"), run.out());
    }

    @Test
    void listShowsWhatOthersHavePublishedAndThatNoneWasTried() {
        CliRun run = CliRun.of("lens", "list");

        assertEquals(0, run.exitCode(), run.err());
        assertTrue(run.out().contains("jacobian/gpt2-small"), run.out());
        assertTrue(run.out().contains("None of these was tried by this project."), run.out());
        String broken = run.out()
                .lines()
                .filter(line -> line.startsWith("jacobian/qwen3-32b "))
                .findFirst()
                .orElseThrow();
        assertTrue(broken.contains("broken: reported to be a checkpoint of a fit that is not done"), broken);
        JsonParser.parseString(CliRun.of("lens", "list", "--format", "json").out())
                .getAsJsonArray()
                .forEach(lens -> {
                    JsonObject facts = lens.getAsJsonObject();
                    assertTrue(!facts.get("tried_here").getAsBoolean());
                    assertTrue(!facts.get("source").getAsString().isEmpty(), facts::toString);
                    assertEquals(
                            facts.get("name").getAsString().startsWith("jacobian/"),
                            facts.get("pinned").getAsBoolean(),
                            facts::toString);
                });
    }

    @Test
    void verifyTriesALensWithItsModel() {
        CliRun run = CliRun.of(
                "lens", "verify", LENSES.resolve("gpt2/tuned").toString(), "--model", GPT2, "--text", " the in is");

        assertEquals(0, run.exitCode(), run.err());
        assertTrue(run.out().contains("The lens fits the model, and all its numbers are finite."), run.out());
        List<String> last = List.of(run.out()
                .lines()
                .filter(line -> line.startsWith("2 "))
                .findFirst()
                .orElseThrow()
                .split("\\s+"));
        assertEquals(List.of("2", "0.000", "0.000"), last);
    }

    @Test
    void pullBringsALensIntoTheCache() throws Exception {
        try (DirectoryHub hub = new DirectoryHub(LENSES.resolve("gpt2"))) {
            CliRun run = CliRun.within(
                    hub.environment(folder), "lens", "pull", "hf:org/tiny@main:jacobian.pt", "--format", "json");

            assertEquals(0, run.exitCode(), run.err());
            Path place = Path.of(JsonParser.parseString(run.out())
                    .getAsJsonArray()
                    .get(0)
                    .getAsJsonObject()
                    .get("place")
                    .getAsString());
            assertEquals(-1, Files.mismatch(LENSES.resolve("gpt2/jacobian.pt"), place));
            assertEquals(folder.resolve("models--org--tiny/snapshots/" + DirectoryHub.COMMIT + "/jacobian.pt"), place);
        }
        CliRun unknown = CliRun.of("lens", "pull", "jacobian/gpt9");
        assertEquals(2, unknown.exitCode());
        assertTrue(unknown.err().contains("no published lens is called \"jacobian/gpt9\""), unknown.err());
    }

    @Test
    void lensAloneAsksForACommand() {
        CliRun run = CliRun.of("lens");

        assertEquals(2, run.exitCode());
        assertTrue(
                run.err().contains("lens needs a command: list, pull, verify, inspect, convert, fit or merge."),
                run.err());
    }

    private static String hash(Path lens) {
        return inspected(lens).get("unembedding_sha256").getAsString();
    }

    private static JsonObject inspected(Path lens) {
        CliRun run = CliRun.of("lens", "inspect", lens.toString(), "--format", "json");
        assertEquals(0, run.exitCode(), run.err());
        return JsonParser.parseString(run.out()).getAsJsonObject();
    }
}
