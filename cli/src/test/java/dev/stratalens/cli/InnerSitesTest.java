package dev.stratalens.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code --sites}: rows inside blocks, with a small model, through a server in this process. */
class InnerSitesTest {

    private static final Path MODELS = CliRun.ROOT.resolve("server/engine/src/test/resources/parity");

    private static final String ALL = "attention-output,attention-residual,feed-forward-output";

    private static final Pattern NUMBER = Pattern.compile("-?\\d+\\.\\d+(E-?\\d+)?");

    @TempDir
    Path folder;

    private static CliRun analyze(String model, String... more) {
        List<String> arguments = new ArrayList<>(
                List.of("analyze", "--model", MODELS.resolve(model).toString(), "--positions", "last"));
        arguments.addAll(List.of(more));
        arguments.add("the quick");
        return CliRun.of(arguments.toArray(String[]::new));
    }

    @Test
    void rowsWithinALayerComeInTheOrderOfComputation() {
        CliRun run =
                analyze("gpt2", "--sites", ALL, "--layers", "1,2", "--embedding", "--top-k", "1", "--format", "csv");

        assertEquals(0, run.exitCode(), run.err());
        assertEquals(
                List.of(
                        "layer,site",
                        "-1,embedding",
                        "1,attention-output",
                        "1,attention-residual",
                        "1,feed-forward-output",
                        "1,block-output",
                        "2,attention-output",
                        "2,attention-residual",
                        "2,feed-forward-output",
                        "2,block-output"),
                run.out()
                        .lines()
                        .map(line -> line.split(",", 3))
                        .map(parts -> parts[0] + "," + parts[1])
                        .toList());
    }

    @Test
    void aSavedResultShowsTheSameRows() {
        Path file = folder.resolve("sites.json");
        CliRun saved = analyze("gpt2", "--sites", ALL, "--format", "json", "--output", file.toString());
        assertEquals(0, saved.exitCode(), saved.err());
        CliRun table = analyze("gpt2", "--sites", ALL);
        CliRun shown = CliRun.of("show", file.toString());

        assertEquals(0, shown.exitCode(), shown.err());
        for (String row : List.of("0 attn", "0 mid", "0 ff", "2 ff")) {
            assertTrue(table.out().contains(row), table.out());
            assertTrue(shown.out().contains(row), shown.out());
        }
    }

    /** Tracked tokens have a value at each read point, of which the page and the curves show the layers. */
    @Test
    void layersAreTheSameWithAndWithoutSites() {
        Path sites = folder.resolve("sites.json");
        Path layers = folder.resolve("layers.json");
        analyze("gpt2", "--exact", "--sites", ALL, "--format", "json", "--output", sites.toString());
        analyze("gpt2", "--exact", "--format", "json", "--output", layers.toString());

        for (String view : List.of("trajectory", "entropy")) {
            CliRun of = show(layers, view);
            CliRun inside = show(sites, view);
            assertEquals(0, inside.exitCode(), inside.err());
            assertEquals(rounded(of), rounded(inside), view);
        }
    }

    /** Products of more rows round differently. */
    private static List<String> rounded(CliRun run) {
        return run.out()
                .lines()
                .map(line ->
                        NUMBER.matcher(line).replaceAll(number -> "%.3g".formatted(Double.valueOf(number.group()))))
                .toList();
    }

    private static CliRun show(Path file, String view) {
        return CliRun.of("show", file.toString(), "--view", view, "--format", "csv");
    }

    @Test
    void aFamilyWithParallelBranchesHasNoStreamBetweenThem() {
        CliRun run = analyze("gpt_neox", "--sites", ALL);

        assertTrue(run.exitCode() != 0);
        assertTrue(run.err().contains("\"site.attention-residual\" is not available"), run.err());
        assertTrue(run.err().contains("attention-output, feed-forward-output, block-output"), run.err());
    }

    @Test
    void compareRefusesThem() {
        CliRun run = CliRun.of("compare", "--sites", "feed-forward-output", "one", "two");

        assertEquals(2, run.exitCode());
        assertTrue(run.err().contains("--sites: runs are compared layer by layer"), run.err());
    }
}
