package dev.stratalens.engine.lens;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.stratalens.engine.checkpoint.reader.CheckpointReader;
import dev.stratalens.engine.fake.FakeTokenizer;
import dev.stratalens.engine.lens.kernel.HeadForm;
import dev.stratalens.engine.lens.kernel.HeadKernel;
import dev.stratalens.engine.lens.kernel.TileGeometry;
import dev.stratalens.engine.lens.plan.LensPlan;
import dev.stratalens.engine.lens.plan.ReadPoint;
import dev.stratalens.engine.lens.reading.Lenses;
import dev.stratalens.engine.lens.request.RequestedLens;
import dev.stratalens.engine.lens.request.Statistic;
import dev.stratalens.engine.lens.result.Interlude;
import dev.stratalens.engine.model.CausalLanguageModel;
import dev.stratalens.engine.model.Precision;
import dev.stratalens.engine.model.weight.Placement;
import dev.stratalens.engine.parity.ParityCase;
import dev.stratalens.engine.parity.ParityCases;
import dev.stratalens.engine.tensor.Device;
import dev.stratalens.engine.tensor.DeviceCaches;
import dev.stratalens.engine.tensor.ProgramRecording;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What two cards would do with a model of 80 blocks of 70 billion parameters and four requests of 512 tokens: the calls of a small
 * model, in the order in which the engine makes them, with the times that the large one would take. A block of the ten stands
 * for eight. Each card works through its calls in order; only reads are waited for.
 */
class PipelineTest {

    private static final Device FIRST = Device.cpu(0);
    private static final Device SECOND = Device.cpu(1);
    private static final int REQUESTS = 4;

    /** More than are packed together. */
    private static final int TOKENS = 260;

    private static final double TOKENS_SHOWN = 512;
    private static final double BLOCKS_SHOWN = 8;

    /** Useful products of a card in a second. */
    private static final double FLOPS = 600e12;

    private static final double BLOCK_SECONDS = BLOCKS_SHOWN * 2 * 0.855e9 * TOKENS_SHOWN / FLOPS;
    private static final double ROW_SECONDS = 2 * 8192 * 128_256.0 / FLOPS;
    private static final double HOP_SECONDS = TOKENS_SHOWN * 8192 * 2 / 25e9;

    /** What the host needs to send a block, or another call, and to take in what it has read. */
    private static final double SEND_BLOCK_SECONDS = 0.5e-3;

    private static final double SEND_SECONDS = 0.05e-3;
    private static final double TAKE_SECONDS = 0.5e-3;

    @TempDir
    private Path folder;

    @Test
    void twoCardsAreIdleForLessThanASeventhOfTheTime() throws IOException {
        double idle = idleShare(List.of(SECOND, FIRST));

        assertTrue(idle < 0.15, "idle for %.3f of the time".formatted(idle));
    }

    @Test
    void withOneHeadTheFirstCardHasLittleToDo() throws IOException {
        double idle = idleShare(List.of(SECOND));

        assertTrue(idle > 0.25, "idle for %.3f of the time".formatted(idle));
    }

    private double idleShare(List<Device> heads) throws IOException {
        JsonObject recorded = recorded(heads);
        List<String> programs = recorded.getAsJsonArray("programs").asList().stream()
                .map(program -> program.getAsJsonObject().get("device").getAsString())
                .toList();
        List<JsonObject> calls = recorded.getAsJsonArray("calls").asList().stream()
                .map(JsonElement::getAsJsonObject)
                .toList();
        Map<String, Integer> tiles = new HashMap<>();
        calls.stream()
                .filter(call -> isMethod(call, "add_tile"))
                .forEach(call -> tiles.merge(device(programs, call), 1, Integer::sum));
        assertEquals(heads.size(), tiles.size());

        double rows = REQUESTS * TOKENS_SHOWN * 10 * BLOCKS_SHOWN / heads.size();
        double host = 0;
        Map<String, Double> free = new HashMap<>();
        Map<String, Double> busy = new HashMap<>();
        Map<Integer, Double> ready = new HashMap<>();
        Map<Integer, String> places = new HashMap<>();
        for (JsonObject call : calls) {
            if (call.has("read")) {
                host = Math.max(host, ready.getOrDefault(call.get("read").getAsInt(), 0.0)) + TAKE_SECONDS;
                continue;
            }
            String device = device(programs, call);
            double seconds = 0;
            double start = Math.max(host, free.getOrDefault(device, 0.0));
            for (int tensor : tensors(call)) {
                start = Math.max(start, ready.getOrDefault(tensor, 0.0));
                if (isMethod(call, "copied")
                        && !places.getOrDefault(tensor, device).equals(device)) {
                    seconds = HOP_SECONDS;
                }
            }
            if (isMethod(call, "block")) {
                seconds = BLOCK_SECONDS;
            } else if (isMethod(call, "add_tile")) {
                seconds = rows * ROW_SECONDS / tiles.getOrDefault(device, 1);
            }
            host += isMethod(call, "block") ? SEND_BLOCK_SECONDS : SEND_SECONDS;
            free.put(device, start + seconds);
            busy.merge(device, seconds, Double::sum);
            for (int made : results(call)) {
                ready.put(made, start + seconds);
                places.put(made, device);
            }
        }
        double end =
                free.values().stream().mapToDouble(Double::doubleValue).max().orElseThrow();
        double work = busy.values().stream().mapToDouble(Double::doubleValue).sum();
        assertEquals(Set.of(FIRST.name(), SECOND.name()), busy.keySet());
        return 1 - work / (2 * end);
    }

    private JsonObject recorded(List<Device> heads) throws IOException {
        ParityCase parity = ParityCases.named("demo");
        Path target = folder.resolve(heads.toString());
        try (var recording = ProgramRecording.start(target)) {
            CausalLanguageModel model = CausalLanguageModel.load(
                    CheckpointReader.open(parity.modelDirectory()),
                    Precision.FLOAT32,
                    sizes -> new Placement(
                            Placement.inStages(
                                            List.of(FIRST, SECOND),
                                            sizes.blocks().size())
                                    .stages(),
                            heads),
                    (done, total) -> {});
            assertEquals(10, model.placement().blockCount());
            var kernels = new HashMap<Device, HeadKernel>();
            heads.forEach(
                    device -> kernels.put(device, HeadForm.DEVICE.of(model.head(device), new TileGeometry(128, 3072))));
            try (var lens = new LoadedModel(
                    parity.name(),
                    model,
                    new FakeTokenizer(),
                    kernels,
                    new Lenses(model, List.of()),
                    2,
                    DeviceCaches.OF_CARDS)) {
                recording.recordCalls();
                List<RecordingPlan> plans = IntStream.range(0, REQUESTS)
                        .mapToObj(request -> new RecordingPlan(plan(request)))
                        .toList();
                lens.run(plans.stream().map(RecordingPlan::wanted).toList(), Interlude.NONE);
                plans.forEach(RecordingPlan::outcome);
            }
        }
        return JsonParser.parseString(Files.readString(target.resolve("calls.json")))
                .getAsJsonObject();
    }

    private static LensPlan plan(int request) {
        return new LensPlan(
                IntStream.range(0, TOKENS)
                        .map(i -> 3 + (7 * i + request) % 3000)
                        .toArray(),
                List.of(new RequestedLens.Logit()),
                IntStream.range(0, 10).mapToObj(ReadPoint::layer).toList(),
                IntStream.range(0, TOKENS).toArray(),
                3,
                List.of(),
                EnumSet.of(Statistic.ENTROPY),
                OptionalDouble.empty());
    }

    private static boolean isMethod(JsonObject call, String method) {
        return call.has("method") && call.get("method").getAsString().equals(method);
    }

    private static String device(List<String> programs, JsonObject call) {
        return programs.get(call.get("program").getAsInt());
    }

    private static Set<Integer> tensors(JsonObject call) {
        var found = new HashSet<Integer>();
        for (JsonElement argument : call.getAsJsonArray("arguments")) {
            JsonObject one = argument.getAsJsonObject();
            if (one.has("tensor")) {
                found.add(one.get("tensor").getAsInt());
            } else if (one.has("tensors")) {
                one.getAsJsonArray("tensors").forEach(tensor -> found.add(tensor.getAsInt()));
            }
        }
        return found;
    }

    private static Set<Integer> results(JsonObject call) {
        var found = new HashSet<Integer>();
        if (call.has("result")) {
            found.add(call.get("result").getAsInt());
        } else if (call.has("results")) {
            call.getAsJsonArray("results").forEach(tensor -> found.add(tensor.getAsInt()));
        }
        return found;
    }
}
