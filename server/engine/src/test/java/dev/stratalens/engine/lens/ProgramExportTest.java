package dev.stratalens.engine.lens;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.stratalens.engine.checkpoint.reader.CheckpointReader;
import dev.stratalens.engine.model.Precision;
import dev.stratalens.engine.parity.ParityCases;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is recorded can be replayed: every call uses what was given, or what an earlier call has made. */
class ProgramExportTest {

    @TempDir
    private Path folder;

    @Test
    void everyTensorOfACallIsGivenOrMadeBefore() throws IOException {
        JsonObject recorded = recorded("llama", 2);
        Set<Integer> known = new HashSet<>();
        recorded.getAsJsonArray("given").forEach(number -> known.add(number.getAsInt()));
        assertTrue(known.size() > 10);
        for (JsonElement map : recorded.getAsJsonArray("maps")) {
            map.getAsJsonObject()
                    .entrySet()
                    .forEach(entry -> assertTrue(known.contains(entry.getValue().getAsInt()), entry.toString()));
        }
        int read = 0;
        for (JsonElement element : recorded.getAsJsonArray("calls")) {
            JsonObject call = element.getAsJsonObject();
            if (call.has("read")) {
                read++;
                assertTrue(known.contains(call.get("read").getAsInt()), call.toString());
                continue;
            }
            for (JsonElement argument : call.getAsJsonArray("arguments")) {
                tensors(argument.getAsJsonObject())
                        .forEach(number -> assertTrue(known.contains(number.getAsInt()), call.toString()));
            }
            if (call.has("result")) {
                known.add(call.get("result").getAsInt());
            } else if (call.has("results")) {
                call.getAsJsonArray("results").forEach(number -> known.add(number.getAsInt()));
            }
        }
        assertTrue(read > 3, "numbers were read " + read + " times");
        for (String file : new String[] {"given.pt", "read.pt"}) {
            assertTrue(Files.size(folder.resolve(file)) > 100, file);
        }
    }

    /** The form for devices reads one vector for each group of rows, not one for each tile. */
    @Test
    void aGroupOfRowsIsReadOnce() throws IOException {
        JsonArray calls = recorded("llama", 1).getAsJsonArray("calls");
        long groups = count(calls, "begin");
        long copies = count(calls, "packed");
        assertEquals(groups, copies);
        long reads = StreamSupport.stream(calls.spliterator(), false)
                .filter(call -> call.getAsJsonObject().has("read"))
                .count();
        // Beside a vector for each group: its KL from final and from next, one for each lens' trajectories, the
        // self-check.
        assertTrue(reads <= 3 * groups + 2 + 1 + 2, reads + " reads of " + groups + " groups");
    }

    /** Three blocks, two lenses, all columns and trajectories; docs/devices.md has these numbers. */
    @Test
    void theForwardPassWaitsForNothingAndTheLensForEachAnswerOnce() throws IOException {
        List<String> calls = StreamSupport.stream(
                        recorded("llama", 1).getAsJsonArray("calls").spliterator(), false)
                .map(JsonElement::getAsJsonObject)
                .map(call -> call.has("read") ? "read" : call.get("method").getAsString())
                .toList();
        int blocks = ParityCases.named("llama").layers();

        assertEquals(blocks, Collections.frequency(calls, "block"));
        assertEquals(blocks + 1, Collections.frequency(calls, "keep_rows"));
        assertTrue(calls.lastIndexOf("keep_rows") < calls.indexOf("read"), calls::toString);
        int answers = Collections.frequency(calls, "packed")
                + Collections.frequency(calls, "dot_rows")
                + Collections.frequency(calls, "group_logits")
                + Collections.frequency(calls, "logits");
        assertEquals(answers, Collections.frequency(calls, "read"));
        assertEquals(List.of(54, 10), List.of(calls.size() - answers, answers));
    }

    /** Numbers on a card would have to come to the processor first; only the choice of experts does, once for each mixture. */
    @Test
    void programsLookAtNoNumbersButAtTheChoiceOfExperts() throws IOException {
        Pattern looks = Pattern.compile(
                "(?<![.\\w])((int|bool)\\(|float\\([^\"])|\\.(item|tolist|cpu)\\(|torch\\.(nonzero|unique|masked_select)");
        List<String> found = new ArrayList<>();
        Path programs = Path.of("src/main/resources/dev/stratalens/engine/tensor");
        try (Stream<Path> files = Files.list(programs)) {
            // Derivatives are for fitting, which the processor does.
            for (Path file : files.filter(each -> !each.endsWith("pullback.torchscript"))
                    .sorted()
                    .toList()) {
                Files.readAllLines(file).stream()
                        .map(String::strip)
                        .filter(line -> looks.matcher(line).find())
                        .forEach(line -> found.add(file.getFileName() + ": " + line));
            }
        }
        assertEquals(
                List.of(
                        "decoder.torchscript: experts, _, counts = torch.unique_consecutive(ordered, False, True)",
                        "decoder.torchscript: last = first + int(counts[i])",
                        "decoder.torchscript: part = torch.format(\"expert.{}.\", int(experts[i]))"),
                found);
        String decoder = Files.readString(programs.resolve("decoder.torchscript"));
        assertTrue(
                decoder.contains(
                        "ordered = torch.index_select(chosen, 0, by_expert).to(torch.device(\"cpu\"), 4, False, False)"),
                "the three look at a copy on the processor");
    }

    @Test
    void stagesAreDevices() throws IOException {
        Set<String> devices = StreamSupport.stream(
                        recorded("llama", 2).getAsJsonArray("programs").spliterator(), false)
                .map(program -> program.getAsJsonObject().get("device").getAsString())
                .collect(Collectors.toSet());

        assertTrue(devices.containsAll(Set.of("cpu:0", "cpu:1")), devices.toString());
    }

    private static long count(JsonArray calls, String method) {
        return StreamSupport.stream(calls.spliterator(), false)
                .map(JsonElement::getAsJsonObject)
                .filter(call ->
                        call.has("method") && call.get("method").getAsString().equals(method))
                .count();
    }

    private static JsonArray tensors(JsonObject argument) {
        if (argument.has("tensors")) {
            return argument.getAsJsonArray("tensors");
        }
        var one = new JsonArray();
        if (argument.has("tensor")) {
            one.add(argument.get("tensor"));
        }
        return one;
    }

    private JsonObject recorded(String name, int stages) throws IOException {
        new ProgramExport(Precision.FLOAT32, stages, 8)
                .write(CheckpointReader.open(ParityCases.named(name).modelDirectory()), folder);
        return JsonParser.parseString(Files.readString(folder.resolve("calls.json")))
                .getAsJsonObject();
    }
}
