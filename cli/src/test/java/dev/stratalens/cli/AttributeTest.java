package dev.stratalens.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code attribute} with small models, through a server in this process. */
class AttributeTest {

    private static final Path MODELS = CliRun.ROOT.resolve("server/engine/src/test/resources/parity");

    @TempDir
    Path folder;

    private static CliRun attribute(String model, String... more) {
        List<String> arguments = new ArrayList<>(
                List.of("attribute", "--model", MODELS.resolve(model).toString()));
        arguments.addAll(List.of(more));
        arguments.add("the quick");
        return CliRun.of(arguments.toArray(String[]::new));
    }

    private static JsonObject json(String model, String... more) {
        List<String> arguments = new ArrayList<>(List.of(more));
        arguments.addAll(List.of("--format", "json"));
        CliRun run = attribute(model, arguments.toArray(String[]::new));
        assertEquals(0, run.exitCode(), run.err());
        return JsonParser.parseString(run.out()).getAsJsonObject();
    }

    private static JsonObject target(JsonObject all, int index) {
        return all.getAsJsonArray("targets").get(index).getAsJsonObject();
    }

    private static double only(JsonElement array) {
        JsonArray values = array.getAsJsonArray();
        assertEquals(1, values.size());
        return values.get(0).getAsDouble();
    }

    @ParameterizedTest
    @ValueSource(strings = {"gpt2", "llama"})
    void theSharesOfAllPartsAndOfAllHeadsAddUp(String model) {
        JsonObject found = json(model, "--target", "id:5");
        JsonObject target = target(found, 0);
        double sum = only(target.get("biases"));
        for (JsonElement element : target.getAsJsonArray("parts")) {
            sum += only(element.getAsJsonObject().get("share"));
        }

        assertEquals(only(target.get("sum")), sum, 1e-4);
        assertTrue(found.get("largest_difference").getAsDouble() < 1e-3);
        assertTrue(found.get("softcap").isJsonNull());
        assertEquals(only(target.get("logit")), sum, 1e-3);
        if (!model.equals("gpt2")) { // its output projection has a bias, which belongs to no head
            for (JsonElement element : target.getAsJsonArray("parts")) {
                JsonObject part = element.getAsJsonObject();
                if (part.has("heads")) {
                    double heads = 0;
                    for (JsonElement head : part.getAsJsonArray("heads")) {
                        heads += only(head);
                    }
                    assertEquals(only(part.get("share")), heads, 1e-4);
                }
            }
        }
    }

    @Test
    void againstAnotherTokenTheDifferenceIsDivided() {
        JsonObject both = json("llama", "--target", "id:5", "--target", "id:6");
        JsonObject difference = target(json("llama", "--target", "id:5", "--against", "id:6"), 0);
        JsonArray five = target(both, 0).getAsJsonArray("parts");
        JsonArray six = target(both, 1).getAsJsonArray("parts");
        JsonArray parts = difference.getAsJsonArray("parts");

        for (int part = 0; part < parts.size(); part++) {
            assertEquals(share(five, part) - share(six, part), share(parts, part), 1e-5);
        }
    }

    private static double share(JsonArray parts, int part) {
        return only(parts.get(part).getAsJsonObject().get("share"));
    }

    @Test
    void theTableHasABarForEachPartAndTheHeadsAsAMap() {
        CliRun run = attribute("gpt2");

        assertEquals(0, run.exitCode(), run.err());
        for (String expected : List.of("embed", "0 attn", "2 ff", "biases", "sum", "logit", "│", "head 0")) {
            assertTrue(run.out().contains(expected), run.out());
        }
    }

    @Test
    void csvHasALineForEachPartAndHead() {
        CliRun run = attribute("gpt2", "--format", "csv");
        List<String> lines = run.out().lines().toList();

        assertEquals("target,layer,position,prompt_token_id,prompt_token,part,head,share", lines.get(0));
        long heads =
                lines.stream().skip(1).filter(line -> line.contains(",head,")).count();
        // The embedding, attention and feed-forward of 3 blocks, their heads, biases, sum and logit.
        assertEquals(1 + 1 + 2 * 3 + heads + 3, lines.size());
        assertTrue(heads > 3, run.out());
    }

    @Test
    void aPictureShowsOneTargetAtOnePosition() {
        Path file = folder.resolve("heads.svg");
        CliRun drawn = attribute("gpt2", "--format", "svg", "--output", file.toString());
        CliRun refused = attribute("gpt2", "--format", "svg", "--positions", "all", "--output", file.toString());

        assertEquals(0, drawn.exitCode(), drawn.err());
        assertEquals(2, refused.exitCode());
    }

    @Test
    void aStreamThatIsNotASumIsRefused() {
        CliRun run = attribute("minimax");

        assertTrue(run.exitCode() != 0);
        assertTrue(run.err().contains("\"attribution\" is not available"), run.err());
    }
}
