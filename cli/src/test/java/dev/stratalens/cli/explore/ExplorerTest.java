package dev.stratalens.cli.explore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.stratalens.client.LensClient;
import dev.stratalens.client.request.Lens;
import dev.stratalens.client.request.Statistic;
import dev.stratalens.client.result.LensResult;
import dev.stratalens.client.result.Prediction;
import dev.stratalens.client.result.Trajectory;
import dev.stratalens.integration.DemoServer;
import dev.stratalens.report.file.LensJson;
import dev.stratalens.report.page.HtmlReport;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Runs of the embedded model, asked for over HTTP as the page does. */
@Timeout(120)
class ExplorerTest {

    private static final String FRANCE = "{\"prompt\": {\"text\": \"The capital of France is\"}}";

    /** Takes seconds. */
    private static final String LONG = "{\"prompt\": {\"text\": \"%s\"}, \"topK\": 100}"
            .formatted("one two three four five six seven eight ".repeat(50));

    /** Its events, 20 MB, are more than the sending end of a connection holds (4 MB in Linux's own settings). */
    private static final String LARGE = LONG.replace("}, ", "}, \"lenses\": [\"logit\", \"raw\"], ");

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final DemoServer SERVER = DemoServer.plaintext();
    private static final LensClient CLIENT = SERVER.client();

    @TempDir
    static Path folder;

    private static Explorer explorer;
    private static Tab tab;

    @BeforeAll
    static void start() throws Exception {
        explorer = Explorer.start(CLIENT, new Opening("demo", Optional.of("Hello")), Optional.of(folder), 0);
        tab = Tab.of(explorer);
        tab.run(FRANCE).await("done");
    }

    @AfterAll
    static void stop() {
        explorer.close();
        CLIENT.close();
        SERVER.close();
    }

    @Test
    void aRunStreamsEveryLayerOfTheResult() throws Exception {
        Tab.Events events = tab.run("""
            {"prompt": {"text": "The capital of France is"}, "layers": "::2", "targets": [" Paris", "next"],
             "statistics": "all,kl-from-next,cross-entropy", "switches": ["EMBEDDING"]}\
            """);
        String id = events.await("started").data().get("id").getAsString();
        JsonObject run = events.await("run").data();
        List<Tab.Event> rest = events.rest();

        LensResult result = saved(id);
        assertEquals(ints(lens(run, 0), "layers"), result.layers());
        assertEquals(ints(run, "positions"), result.positions());
        assertEquals("demo", run.getAsJsonObject("model").get("name").getAsString());
        assertEquals(
                Statistic.all().stream().map(Statistic::name).toList(),
                run.getAsJsonArray("statistics").asList().stream()
                        .map(described ->
                                described.getAsJsonObject().get("name").getAsString())
                        .toList());
        List<JsonObject> rows = named("row", rest);
        assertEquals(
                result.layers(),
                rows.stream().map(row -> row.get("layer").getAsInt()).toList());
        for (JsonObject row : rows) {
            assertRow(result, row);
        }
        assertEquals("done", rest.get(rest.size() - 1).name());
        assertTrue(rest.get(rest.size() - 1)
                .data()
                .getAsJsonObject("selfCheck")
                .get("top1Agrees")
                .getAsBoolean());
    }

    @Test
    void severalLensesComeInOneRun() throws Exception {
        Tab.Events events = tab.run(
                "{\"prompt\": {\"text\": \"The capital of France is\"}, \"lenses\": [\"logit\", \"raw\"], \"layers\": \"0,9\"}");
        String id = events.await("started").data().get("id").getAsString();
        JsonObject run = events.await("run").data();
        List<Tab.Event> rest = events.rest();

        LensResult result = saved(id);
        assertEquals(List.of(Lens.logit(), Lens.raw()), result.lenses());
        for (int index = 0; index < 2; index++) {
            int lens = index;
            LensResult view = result.through(result.lenses().get(lens));
            assertEquals(view.lens().name(), lens(run, lens).get("lens").getAsString());
            List<JsonObject> rows = named("row", rest).stream()
                    .filter(row -> row.get("lens").getAsInt() == lens)
                    .toList();
            assertEquals(
                    view.layers(),
                    rows.stream().map(row -> row.get("layer").getAsInt()).toList());
            for (JsonObject row : rows) {
                int layer = row.get("layer").getAsInt();
                assertEquals(
                        view.topK(layer, 0).get(0).token().id(),
                        numbers(row, "ids").getInt());
                assertEquals(
                        view.topK(layer, 0).get(0).logProb(),
                        numbers(row, "logProbs").getFloat());
            }
            assertEquals(
                    view.positions().size(),
                    named("tracked", rest).stream()
                            .filter(tracked -> tracked.get("lens").getAsInt() == lens)
                            .mapToInt(
                                    tracked -> tracked.getAsJsonArray("counts").size())
                            .sum());
        }
    }

    private static JsonObject lens(JsonObject run, int index) {
        return run.getAsJsonArray("lenses").get(index).getAsJsonObject();
    }

    private static void assertRow(LensResult result, JsonObject row) {
        int layer = row.get("layer").getAsInt();
        ByteBuffer ids = numbers(row, "ids");
        ByteBuffer logProbs = numbers(row, "logProbs");
        JsonObject columns = row.getAsJsonObject("columns");
        ByteBuffer logSumExps = numbers(columns, "log-sum-exp");
        ByteBuffer kls = numbers(columns, "kl-from-next");
        ByteBuffer ranks = numbers(row, "ranks");
        for (int position : result.positions()) {
            for (Prediction prediction : result.topK(layer, position)) {
                assertEquals(prediction.token().id(), ids.getInt());
                assertEquals(prediction.logProb(), logProbs.getFloat());
            }
            assertEquals(result.logSumExp(layer, position), logSumExps.getFloat());
            assertEquals((float) result.klFromNext(layer, position).orElse(Double.NaN), kls.getFloat());
            assertEquals(
                    result.rank(result.targets().get(0).target(), layer, position)
                            .orElse(0),
                    ranks.getInt());
            assertEquals(
                    result.rank(result.targets().get(1).target(), layer, position)
                            .orElse(0),
                    ranks.getInt());
        }
    }

    @Test
    void aFinishedRunIsAFileThatOutlivesTheExplorer() throws Exception {
        Tab.Events events = tab.run("{\"prompt\": {\"text\": \"What is kept?\"}}");
        List<Tab.Event> rest = events.rest();
        String kept = rest.get(rest.size() - 1).data().get("kept").getAsString();
        assertTrue(kept.endsWith("-what-is-kept"), kept);
        assertEquals(
                204,
                tab.put("history/" + kept, "{\"name\": \"mine\", \"note\": \"of today\"}")
                        .statusCode());
        try (Explorer next = Explorer.start(CLIENT, new Opening("demo", Optional.empty()), Optional.of(folder), 0)) {
            Tab later = Tab.of(next);
            JsonObject listed =
                    JsonParser.parseString(later.get("history").body()).getAsJsonObject();
            assertEquals(folder.toString(), listed.get("folder").getAsString());
            JsonObject run = listed.getAsJsonArray("runs").asList().stream()
                    .map(JsonElement::getAsJsonObject)
                    .filter(each -> each.get("id").getAsString().equals(kept))
                    .findFirst()
                    .orElseThrow();
            assertEquals("mine", run.get("name").getAsString());
            assertEquals("of today", run.get("note").getAsString());
            assertEquals("demo", run.get("model").getAsString());
            assertEquals(
                    "What is kept?",
                    run.getAsJsonObject("form")
                            .getAsJsonObject("prompt")
                            .get("text")
                            .getAsString());
            LensResult result = LensJson.read(
                    new StringReader(later.get("history/" + kept + "/lens.json").body()));
            assertEquals(Optional.of("What is kept?"), result.prompt());
            assertEquals(204, later.delete("history/" + kept).statusCode());
            assertEquals(404, later.get("history/" + kept + "/lens.json").statusCode());
            assertFalse(Files.exists(folder.resolve(kept + ".json")));
        }
    }

    @Test
    void nothingOutsideOfTheFolderIsReadOrDeleted() throws Exception {
        Path beside = Files.writeString(folder.resolveSibling("beside.json"), "{}");
        for (String id : List.of("..%2Fbeside", "%2Fetc%2Fpasswd", ".hidden", "%2E%2E", "")) {
            assertEquals(404, tab.get("history/" + id + "/lens.json").statusCode(), id);
            assertEquals(404, tab.put("history/" + id, "{}").statusCode(), id);
            tab.delete("history/" + id);
        }
        assertTrue(Files.exists(beside));
    }

    @Test
    void trajectoriesFollowTheRowsAndEveryMentionedTokenHasItsText() throws Exception {
        Tab.Events events = tab.run(FRANCE);
        String id = events.await("started").data().get("id").getAsString();
        List<Tab.Event> rest = events.rest();
        LensResult result = saved(id);

        List<Integer> told = new ArrayList<>();
        rest.stream()
                .filter(event -> event.data().has("vocabulary"))
                .flatMap(event -> event.data().getAsJsonArray("vocabulary").asList().stream())
                .forEach(token -> told.add(token.getAsJsonObject().get("id").getAsInt()));
        assertEquals(told.stream().distinct().toList(), told, "a text is told once");
        int next = 0;
        for (JsonObject tracked : named("tracked", rest)) {
            assertEquals(next, tracked.get("first").getAsInt());
            ByteBuffer ids = numbers(tracked, "ids");
            ByteBuffer logProbs = numbers(tracked, "logProbs");
            for (int count : ints(tracked, "counts")) {
                List<Trajectory> expected =
                        result.trajectories(result.positions().get(next++));
                assertEquals(expected.size(), count);
                for (Trajectory trajectory : expected) {
                    assertEquals(trajectory.token().id(), ids.getInt());
                    assertTrue(told.contains(trajectory.token().id()));
                    for (int layer : trajectory.layers()) {
                        assertEquals((float) trajectory.logProbability(layer), logProbs.getFloat());
                    }
                }
            }
        }
        assertEquals(result.positions().size(), next);
    }

    @Test
    void cancelingARunStopsTheServersWork() throws Exception {
        int before = SERVER.openTensors();
        Tab.Events events = tab.run(LONG);
        String id = events.await("started").data().get("id").getAsString();
        events.await("row");
        assertEquals(204, tab.delete("runs/" + id).statusCode());
        assertEquals("CANCELLED", events.await("error").data().get("code").getAsString());
        awaitOpenTensors(before);
        assertEquals(404, tab.get("runs/" + id + "/lens.json").statusCode(), "a part is no result");
        assertEquals(204, tab.delete("runs/" + id).statusCode(), "again does no harm");
    }

    @Test
    void aTabThatClosesCancelsItsRun() throws Exception {
        int before = SERVER.openTensors();
        Tab.Events events = Tab.of(explorer).run(LONG);
        String id = events.await("started").data().get("id").getAsString();
        events.await("row");
        events.close();
        awaitOpenTensors(before);
        assertEquals(404, tab.get("runs/" + id + "/lens.json").statusCode());
    }

    @Test
    void aTabThatDoesNotReadHoldsItsRunBackInsteadOfPilingItUp() throws Exception {
        try (Tab.Events events = tab.runHeldBack(LARGE)) {
            String id = events.await("started").data().get("id").getAsString();
            events.await("row");
            for (int later = 0; later < 2; later++) {
                try (Tab.Events read = Tab.of(explorer).run(LARGE)) {
                    read.await("done");
                }
            }
            assertEquals(404, tab.get("runs/" + id + "/lens.json").statusCode(), "it ended though nobody read it");
            events.await("done");
            assertEquals(200, tab.get("runs/" + id + "/lens.json").statusCode());
        }
    }

    @Test
    void twoTabsRunAtOnce() throws Exception {
        Tab other = Tab.of(explorer);
        try (Tab.Events first = tab.run(FRANCE);
                Tab.Events second = other.run("{\"prompt\": {\"text\": \"Once upon a time\"}}")) {
            String one = first.await("started").data().get("id").getAsString();
            String two = second.await("started").data().get("id").getAsString();
            second.await("done");
            first.await("done");
            assertEquals(Optional.of("The capital of France is"), saved(one).prompt());
            assertEquals(Optional.of("Once upon a time"), saved(two).prompt());
        }
    }

    @Test
    void wrongSettingsNameTheFieldAndTheRemedy() throws Exception {
        JsonObject error = tab.run("{\"prompt\": {\"text\": \"x\"}, \"layers\": \"99\"}")
                .await("error")
                .data();
        assertEquals("layers", error.get("field").getAsString());
        assertTrue(error.get("message").getAsString().startsWith("99 is out of range"), error.toString());
        JsonObject empty = tab.run("{}").await("error").data();
        assertTrue(empty.get("message").getAsString().contains("prompt is empty"), empty.toString());
        JsonObject unknown = tab.run("{\"prompt\": {\"model\": \"large\", \"text\": \"x\"}}")
                .await("error")
                .data();
        assertEquals("UNKNOWN_MODEL", unknown.get("code").getAsString());
    }

    @Test
    void tokensAreToldWithTheContext() throws Exception {
        HttpResponse<String> answer = tab.post("tokenize", "{\"text\": \"Hello world\"}");
        JsonObject json = JsonParser.parseString(answer.body()).getAsJsonObject();
        assertEquals(512, json.get("contextLength").getAsInt());
        assertEquals(
                "<|begin|>Hello world",
                json.getAsJsonArray("tokens").asList().stream()
                        .map(token -> token.getAsJsonObject().get("text").getAsString())
                        .collect(Collectors.joining()));
    }

    @Test
    void theModelsAndTheOpeningAreTold() throws Exception {
        JsonObject json = JsonParser.parseString(tab.get("models").body()).getAsJsonObject();
        assertEquals("demo", json.get("model").getAsString());
        assertEquals("Hello", json.get("prompt").getAsString());
        JsonObject model = json.getAsJsonArray("models").get(0).getAsJsonObject();
        assertEquals("ready", model.get("state").getAsString());
        assertFalse(model.get("hasChatTemplate").getAsBoolean());
        assertTrue(
                model.get("places").getAsString().matches("10 blocks on cpu, weights \\d[\\d.]* \\w+ on cpu"),
                model.toString());
        assertTrue(
                json.getAsJsonArray("devices")
                        .get(0)
                        .getAsString()
                        .matches("cpu: .*, [\\d.]+ \\w+ of [\\d.]+ \\w+ free"),
                json.toString());
    }

    @Test
    void aResultIsSavedAsAPageAndInTheWidgetsFormat() throws Exception {
        Tab.Events events = tab.run(FRANCE);
        String id = events.await("started").data().get("id").getAsString();
        events.await("done");
        JsonObject v2 = JsonParser.parseString(
                        tab.get("runs/" + id + "/lens.v2.json").body())
                .getAsJsonObject();
        assertEquals(2, v2.getAsJsonObject("meta").get("version").getAsInt());
        StringWriter page = new StringWriter();
        HtmlReport.of(saved(id)).build().write(page);
        assertEquals(page.toString(), tab.get("runs/" + id + "/lens.html").body());
        assertEquals(404, tab.get("runs/" + id + "/lens.exe").statusCode());
    }

    private static LensResult saved(String id) throws IOException, InterruptedException {
        HttpResponse<String> file = tab.get("runs/" + id + "/lens.json");
        assertEquals(200, file.statusCode(), file.body());
        return LensJson.read(new StringReader(file.body()));
    }

    private static void awaitOpenTensors(int expected) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (SERVER.openTensors() != expected && System.nanoTime() < deadline) {
            Thread.sleep(5);
        }
        assertEquals(expected, SERVER.openTensors());
    }

    private static List<JsonObject> named(String name, List<Tab.Event> events) {
        return events.stream()
                .filter(event -> event.name().equals(name))
                .map(Tab.Event::data)
                .toList();
    }

    private static List<Integer> ints(JsonObject json, String name) {
        return json.getAsJsonArray(name).asList().stream()
                .map(number -> number.getAsInt())
                .toList();
    }

    private static ByteBuffer numbers(JsonObject json, String name) {
        return ByteBuffer.wrap(Base64.getDecoder().decode(json.get(name).getAsString()))
                .order(ByteOrder.LITTLE_ENDIAN);
    }
}
