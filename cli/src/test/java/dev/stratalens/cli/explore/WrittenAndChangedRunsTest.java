package dev.stratalens.cli.explore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.stratalens.client.LensClient;
import dev.stratalens.client.request.GenerateOptions;
import dev.stratalens.client.request.IndexRange;
import dev.stratalens.client.request.LensRequest;
import dev.stratalens.client.request.LensTarget;
import dev.stratalens.client.request.TokenSampling;
import dev.stratalens.client.result.GeneratedToken;
import dev.stratalens.client.result.GenerationResult;
import dev.stratalens.client.result.LensResult;
import dev.stratalens.integration.DemoServer;
import dev.stratalens.report.file.LensJson;
import java.io.StringReader;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Texts that the embedded model writes, and changed passes of it, asked for over HTTP as the page does. */
@Timeout(120)
class WrittenAndChangedRunsTest {

    private static final String FRANCE = "The capital of France is";
    private static final int LAYERS = 10;

    private static final DemoServer SERVER = DemoServer.plaintext();
    private static final LensClient CLIENT = SERVER.client();

    @TempDir
    static Path folder;

    private static Explorer explorer;
    private static Tab tab;

    @BeforeAll
    static void start() throws Exception {
        explorer = Explorer.start(CLIENT, new Opening("demo", Optional.empty()), Optional.of(folder), 0);
        tab = Tab.of(explorer);
    }

    @AfterAll
    static void stop() {
        explorer.close();
        CLIENT.close();
        SERVER.close();
    }

    @Test
    void aTextComesTokenByTokenWithTheRowsOfEachPosition() throws Exception {
        GenerationResult expected = CLIENT.generate(
                LensRequest.of(FRANCE).topK(5).build(),
                GenerateOptions.builder().maxTokens(2).build());
        List<Tab.Event> events = written("{\"maxTokens\": 2}");

        List<Integer> read = ints(only("run", events).getAsJsonArray("positions"));
        for (Tab.Event event : events) {
            if (event.name().equals("token")) {
                GeneratedToken token =
                        expected.tokens().get(event.data().get("position").getAsInt() - 6);
                assertEquals(token.token().id(), id(event.data()));
                assertEquals(
                        token.text(),
                        event.data().getAsJsonObject("token").get("text").getAsString());
            } else if (event.name().equals("column")) {
                read = List.of(event.data().get("position").getAsInt());
            } else if (event.name().equals("row")) {
                int layer = event.data().get("layer").getAsInt();
                ByteBuffer ids = numbers(event.data(), "ids");
                ByteBuffer logProbs = numbers(event.data(), "logProbs");
                for (int position : read) {
                    assertEquals(expected.reading().top(layer, position).token().id(), ids.getInt());
                    assertEquals(expected.reading().top(layer, position).logProb(), logProbs.getFloat(), 2e-3f);
                    ids.position(ids.position() + 4 * Integer.BYTES);
                    logProbs.position(logProbs.position() + 4 * Float.BYTES);
                }
            }
        }
        assertEquals(
                List.of(6, 7),
                named("token", events).stream()
                        .map(event -> event.get("position").getAsInt())
                        .toList());
        assertEquals(
                List.of(6, 7),
                named("column", events).stream()
                        .map(event -> event.get("position").getAsInt())
                        .toList(),
                "the last token has its rows, too");
        assertEquals(3 * LAYERS, named("row", events).size());
        assertEquals("max_tokens", only("done", events).get("stopReason").getAsString());
        assertFalse(only("done", events).has("seed"));
        assertEquals(8, only("done", events).getAsJsonArray("tokens").size(), "with their places in the text");
        assertEquals(
                expected.reading().prompt().orElseThrow(),
                only("done", events).get("prompt").getAsString());
    }

    @Test
    void aTextGoesOnFromForcedTokensAndATypedText() throws Exception {
        int forced = CLIENT.generate(
                        LensRequest.of(FRANCE).build(),
                        GenerateOptions.builder().maxTokens(1).build())
                .tokens()
                .get(0)
                .token()
                .id();
        List<Tab.Event> events =
                written("{\"maxTokens\": 2, \"temperature\": 0.9, \"seed\": 7, \"forced\": [%d], \"then\": \" and\"}"
                        .formatted(forced));
        List<JsonObject> tokens = named("token", events);
        assertEquals(forced, id(tokens.get(0)));
        assertEquals(" and", tokens.get(1).getAsJsonObject("token").get("text").getAsString());
        assertEquals(
                List.of(true, true, false, false),
                tokens.stream().map(token -> token.get("forced").getAsBoolean()).toList());
        assertEquals("7", only("done", events).get("seed").getAsString());
        GenerationResult same = CLIENT.generate(
                LensRequest.of(FRANCE).build(),
                GenerateOptions.builder()
                        .forced(forced, id(tokens.get(1)))
                        .maxTokens(4)
                        .sampling(
                                TokenSampling.builder().temperature(0.9).seed(7).build())
                        .build());
        assertEquals(
                same.tokens().stream().map(token -> token.token().id()).toList(),
                tokens.stream().map(WrittenAndChangedRunsTest::id).toList());
        JsonObject kept = kept(only("done", events));
        assertEquals(4, kept.get("written").getAsInt());
        assertEquals(
                List.of(forced, id(tokens.get(1))),
                ints(kept.getAsJsonObject("form").getAsJsonObject("writing").getAsJsonArray("forced")),
                "a run that comes back needs no typed text");
    }

    @Test
    void aTextThatIsStoppedEndsItsCall() throws Exception {
        try (Tab.Events events = tab.run(body("\"writing\": {\"maxTokens\": 400, \"ignoreEnd\": true}"))) {
            String id = events.await("started").data().get("id").getAsString();
            events.await("column");
            assertEquals(204, tab.delete("runs/" + id).statusCode());
            assertEquals("CANCELLED", events.await("error").data().get("code").getAsString());
            assertEquals(404, tab.get("runs/" + id + "/lens.json").statusCode());
        }
    }

    @Test
    void aReplacedRowComesWithTheUnchangedPassAndWhatItCanReach() throws Exception {
        Tab.Events stream = tab.run(body("""
                "change": {"layer": 4, "position": 3, "replacement":
                  {"prompt": {"text": "The capital of Italy is"}, "layer": 3, "position": 4}}"""));
        String id = stream.await("started").data().get("id").getAsString();
        List<Tab.Event> events = stream.rest();

        LensResult plain =
                CLIENT.analyze(LensRequest.of(FRANCE).topK(10).exact().build());
        LensResult changed = LensJson.read(
                new StringReader(tab.get("runs/" + id + "/lens.json").body()));
        for (JsonObject row : named("row", events)) {
            LensResult of = row.get("lens").getAsInt() == 0 ? changed : plain;
            ByteBuffer ids = numbers(row, "ids");
            for (int position : plain.positions()) {
                assertEquals(
                        of.top(row.get("layer").getAsInt(), position).token().id(), ids.getInt());
                ids.position(ids.position() + 9 * Integer.BYTES);
            }
        }
        assertEquals(2 * LAYERS, named("row", events).size());
        assertEquals(
                ids(plain), finalTops(only("unchanged", events)), "the unchanged pass has a head with its own answers");
        JsonArray reached = only("done", events).getAsJsonArray("reached");
        assertEquals("[[],[],[],[],[3,4],[3,6],[3,6],[3,6],[3,6],[3,6]]", reached.toString());
        JsonObject kl = only("done", events).getAsJsonArray("metrics").get(0).getAsJsonObject();
        assertEquals("kl", kl.get("kind").getAsString());
        assertTrue(kl.get("changed").getAsDouble() > 0.01, kl.toString());
        assertFalse(only("done", events).has("kept"), "the page says whether it wants the pass, when it has it");
        JsonObject file =
                JsonParser.parseString(tab.put("runs/" + id, "").body()).getAsJsonObject();
        JsonObject asked = kept(file).getAsJsonObject("form").getAsJsonObject("change");
        assertEquals(3, asked.getAsJsonObject("replacement").get("layer").getAsInt(), "enough to compute it again");
        HttpResponse<String> page = tab.get("runs/" + id + "/lens.html");
        assertTrue(page.body().contains("\"results\":2"), "the page has both passes");
    }

    @Test
    void aDirectionIsAddedAtEveryToken() throws Exception {
        List<Tab.Event> events = tab.run(body("""
                        "change": {"layer": 8, "steering": {"token": " Rome", "strength": 2}}""")).rest();
        JsonObject metric =
                only("done", events).getAsJsonArray("metrics").get(1).getAsJsonObject();
        assertEquals("log_prob", metric.get("kind").getAsString());
        LensResult plain = CLIENT.analyze(LensRequest.of(FRANCE)
                .target(LensTarget.text(" Rome"))
                .layers(IndexRange.last())
                .exact()
                .build());
        assertEquals(
                plain.targetLogProb(LensTarget.text(" Rome"), LAYERS - 1, 5).orElseThrow(),
                metric.get("unchanged").getAsDouble(),
                1e-3);
        assertTrue(metric.get("changed").getAsDouble() > metric.get("unchanged").getAsDouble() + 1, metric.toString());
        assertEquals(
                "[0,6]", only("done", events).getAsJsonArray("reached").get(8).toString());
    }

    @Test
    void theMovesOfASliderDoNotDriveOutWhatTheyMoveFrom() throws Exception {
        Tab.Events plain = tab.run(body("\"layers\": \"last\""));
        String id = plain.await("started").data().get("id").getAsString();
        plain.await("done");
        String first = "";
        for (int move = 0; move < 45; move++) {
            Tab.Events moved = tab.run(body(
                    "\"layers\": \"last\", \"change\": {\"layer\": 8, \"steering\": {\"token\": \" Rome\", \"strength\": %d}}"
                            .formatted(move)));
            String each = moved.await("started").data().get("id").getAsString();
            first = move == 0 ? each : first;
            moved.await("done");
            assertEquals(200, tab.get("runs/" + each + "/lens.html").statusCode());
        }
        assertEquals(200, tab.get("runs/" + id + "/lens.json").statusCode());
        assertEquals(404, tab.get("runs/" + first + "/lens.json").statusCode());
        assertEquals(404, tab.put("runs/" + first, "").statusCode());
    }

    @Test
    void whatIsNotUnderstoodIsRefusedWithTheRemedy() throws Exception {
        assertEquals(
                "a change either replaces a row or adds a direction; give one of the two.",
                failure("\"change\": {\"layer\": 1}"));
        assertEquals(
                "the direction has no token; type one, for example \" Paris\".",
                failure("\"change\": {\"layer\": 1, \"steering\": {\"strength\": 1}}"));
        assertEquals(
                "the source prompt is empty; type a text of one character or more.",
                failure("\"change\": {\"layer\": 1, \"replacement\": {\"layer\": 1, \"position\": 1}}"));
        String outside = failure("\"change\": {\"layer\": 99, \"steering\": {\"token\": \" Rome\", \"strength\": 1}}");
        assertTrue(outside.contains("99"), outside);
        assertEquals(
                "\"x\" is no whole number of 64 bits; give one, or leave it out.",
                failure("\"writing\": {\"temperature\": 1, \"seed\": \"x\"}"));
        assertTrue(failure("\"writing\": {\"temperature\": -1}").startsWith("temperature -1.0 is not above 0"));
    }

    private static String failure(String part) throws Exception {
        return tab.run(body(part)).await("error").data().get("message").getAsString();
    }

    private static List<Tab.Event> written(String writing) throws Exception {
        return tab.run(body("\"writing\": " + writing)).rest();
    }

    private static String body(String part) {
        return "{\"prompt\": {\"text\": \"%s\"}, %s}".formatted(FRANCE, part);
    }

    private static JsonObject kept(JsonObject done) throws Exception {
        String id = done.get("kept").getAsString();
        return JsonParser.parseString(tab.get("history").body())
                .getAsJsonObject()
                .getAsJsonArray("runs")
                .asList()
                .stream()
                .map(JsonElement::getAsJsonObject)
                .filter(run -> run.get("id").getAsString().equals(id))
                .findFirst()
                .orElseThrow();
    }

    private static List<Integer> ids(LensResult result) {
        return IntStream.range(0, result.positions().size())
                .mapToObj(position -> result.finalTop(position).token().id())
                .toList();
    }

    private static List<Integer> finalTops(JsonObject head) {
        return head.getAsJsonArray("finalTops").asList().stream()
                .map(top -> id(top.getAsJsonObject()))
                .toList();
    }

    private static int id(JsonObject json) {
        return json.getAsJsonObject("token").get("id").getAsInt();
    }

    private static JsonObject only(String name, List<Tab.Event> events) {
        List<JsonObject> all = named(name, events);
        assertEquals(
                1,
                all.size(),
                () -> name + " in " + events.stream().map(Tab.Event::name).toList() + named("error", events));
        return all.get(0);
    }

    private static List<JsonObject> named(String name, List<Tab.Event> events) {
        return events.stream()
                .filter(event -> event.name().equals(name))
                .map(Tab.Event::data)
                .toList();
    }

    private static List<Integer> ints(JsonArray array) {
        return array.asList().stream().map(JsonElement::getAsInt).toList();
    }

    private static ByteBuffer numbers(JsonObject json, String name) {
        return ByteBuffer.wrap(Base64.getDecoder().decode(json.get(name).getAsString()))
                .order(ByteOrder.LITTLE_ENDIAN);
    }
}
