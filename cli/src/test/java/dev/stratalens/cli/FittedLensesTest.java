package dev.stratalens.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
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
                """.formatted(lens, "0".repeat(64)), run.out());
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

    @Test
    void lensAloneAsksForACommand() {
        CliRun run = CliRun.of("lens");

        assertEquals(2, run.exitCode());
        assertTrue(run.err().contains("lens needs a command: inspect, convert, fit or merge."), run.err());
    }

    private static JsonObject inspected(Path lens) {
        CliRun run = CliRun.of("lens", "inspect", lens.toString(), "--format", "json");
        assertEquals(0, run.exitCode(), run.err());
        return JsonParser.parseString(run.out()).getAsJsonObject();
    }
}
