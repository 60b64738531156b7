package dev.stratalens.report.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.stratalens.client.LensClient;
import dev.stratalens.client.fake.FakeLensServer;
import dev.stratalens.client.fake.FakeRun;
import dev.stratalens.client.request.IndexRange;
import dev.stratalens.client.request.Lens;
import dev.stratalens.client.request.LensRequest;
import dev.stratalens.client.request.Trajectories;
import dev.stratalens.client.result.LensResult;
import dev.stratalens.client.result.Prediction;
import dev.stratalens.client.result.Token;
import dev.stratalens.client.result.Trajectory;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class V2JsonTest {

    private static final Instant TIME = Instant.parse("2026-01-02T03:04:05Z");

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void everyPredictionHasItsTrajectoryByItsName(long seed) throws IOException {
        LensRequest request = LensRequest.of("p").includeEmbedding().exact().build();
        LensResult result = result(seed, request);
        JsonObject json = write(result);
        assertEquals("[0,1,2,3]", json.get("layers").toString());
        JsonArray topK = json.getAsJsonArray("topk");
        assertEquals(4, topK.size());
        for (int layer = 0; layer < 4; layer++) {
            for (int position = 0; position < 6; position++) {
                List<Prediction> predictions = result.topK(layer, position);
                JsonArray names = topK.get(layer).getAsJsonArray().get(position).getAsJsonArray();
                JsonObject tracked =
                        json.getAsJsonArray("tracked").get(position).getAsJsonObject();
                for (int rank = 0; rank < result.k(); rank++) {
                    String name = names.get(rank).getAsString();
                    Token token = predictions.get(rank).token();
                    assertEquals(
                            token.id(), json.getAsJsonObject("ids").get(name).getAsInt());
                    assertTrue(name.startsWith(token.text()));
                    double exact = result.trajectory(position, token.id())
                            .orElseThrow()
                            .probability(layer);
                    double written = tracked.getAsJsonArray(name).get(layer).getAsDouble();
                    assertEquals(exact, written, 0.5e-5 + 1e-12);
                    assertEquals(written, Math.round(written * 1e5) / 1e5, 1e-12);
                }
            }
        }
    }

    @Test
    void equalTextsAreToldApartByTheirId() throws IOException {
        LensResult result = result(9, LensRequest.of("p").topK(8).build());
        JsonObject ids = write(result).getAsJsonObject("ids");
        assertEquals(result.vocabulary().size(), ids.size());
        Set<Integer> distinct = new HashSet<>();
        for (String name : ids.keySet()) {
            int id = ids.get(name).getAsInt();
            assertTrue(distinct.add(id));
            String text = result.token(id).text();
            boolean shared = result.vocabulary().values().stream()
                            .filter(token -> token.text().equals(text))
                            .count()
                    > 1;
            assertEquals(shared ? text + "#" + id : text, name);
        }
        assertTrue(ids.keySet().stream().anyMatch(name -> name.startsWith(" same#")));
    }

    @Test
    void saysWhatItIsAndShowsTheAskedColumns() throws IOException {
        LensRequest request = LensRequest.of("p")
                .positions(IndexRange.of(1), IndexRange.of(4))
                .build();
        LensResult result = result(5, request);
        JsonObject json = write(result);
        assertEquals(
                "{\"version\":2,\"model\":\"tiny\",\"timestamp\":\"2026-01-02T03:04:05Z\"}",
                json.get("meta").toString());
        assertEquals(
                List.of(
                        result.tokens().get(1).token().text(),
                        result.tokens().get(4).token().text()),
                json.getAsJsonArray("input").asList().stream()
                        .map(JsonElement::getAsString)
                        .toList());
        assertEquals(2, json.getAsJsonArray("tracked").size());
    }

    @Test
    void ofSeveralLensesItHoldsOneAndSaysWhich() throws IOException {
        LensResult result =
                result(5, LensRequest.of("p").lenses(Lens.logit(), Lens.raw()).build());
        for (Lens lens : result.lenses()) {
            JsonObject json = write(result.through(lens));
            assertEquals(lens.name(), json.getAsJsonObject("meta").get("lens").getAsString());
            LensResult read = V2Json.read(new StringReader(json.toString()));
            assertEquals(
                    result.through(lens).top(3, 0).token().id(),
                    read.top(3, 0).token().id());
        }
    }

    @Test
    void needsAllTrajectories() {
        LensRequest without =
                LensRequest.of("p").trajectories(Trajectories.none()).build();
        LensRequest some = LensRequest.of("p")
                .trajectories(Trajectories.all().withMinimumPeak(0.9))
                .build();
        for (LensRequest request : List.of(without, some)) {
            LensResult result = result(6, request);
            StringWriter out = new StringWriter();
            IllegalArgumentException error =
                    assertThrows(IllegalArgumentException.class, () -> V2Json.write(result, out, TIME));
            assertTrue(String.valueOf(error.getMessage()).contains("request them with"), error.getMessage());
            assertEquals("", out.toString());
        }
    }

    /** As the widget's own program writes it. */
    private static final String WIDGETS_OWN = """
        {"meta":{"version":2,"model":"gpt2","timestamp":"2026-01-02T03:04:05Z"},"layers":[0,3],"input":["The"," sea"],
         "topk":[[[" a"," b"],["!","."]],[[" b"," a"],[".","!"]]],
         "tracked":[{" a":[0.5,0.25],"x":[0.0,0.00001]," b":[0.25,0.75]},{"!":[0.6,0.1],".":[0.2,1.0]}],"mode":"x"}\
        """;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void whatWasWrittenReadsBackAsFarAsTheFormatKeepsIt(long seed) throws IOException {
        LensResult whole =
                result(seed, LensRequest.of("p").topK(8).includeEmbedding().build());
        String text = write(whole).toString();
        LensResult result = V2Json.read(new StringReader(text));
        assertEquals(text, write(result).toString());
        assertEquals(List.of(0, 1, 2, 3), result.layers());
        assertEquals(whole.positions(), result.positions());
        for (int layer : result.layers()) {
            for (int position : result.positions()) {
                for (int place = 0; place < whole.k(); place++) {
                    Prediction before = whole.topK(layer, position).get(place);
                    Prediction after = result.topK(layer, position).get(place);
                    assertEquals(before.token().id(), after.token().id());
                    double followed = whole.trajectory(position, before.token().id())
                            .orElseThrow()
                            .probability(layer);
                    assertEquals(followed, after.probability(), 0.6e-5);
                }
            }
        }
        assertFalse(LensJson.canHold(result));
        assertTrue(LensJson.canHold(whole));
    }

    @Test
    void filesWithoutIdsGetIdsOfNoMeaning() throws IOException {
        LensResult result = V2Json.read(new StringReader(WIDGETS_OWN));
        assertEquals("gpt2", result.model().name());
        assertEquals(List.of(0, 3), result.layers());
        assertEquals(2, result.k());
        Prediction best = result.top(3, 1);
        assertEquals(".", best.token().text());
        assertEquals(1, best.probability());
        assertTrue(result.vocabulary().keySet().stream().allMatch(id -> id < 0));
        assertEquals(7, result.vocabulary().size());
        assertEquals(best, result.finalTop(1));
        assertEquals(OptionalInt.of(3), result.crystallizationLayer(1));
        Trajectory x = result.trajectories(0).stream()
                .filter(each -> each.token().text().equals("x"))
                .findFirst()
                .orElseThrow();
        assertEquals(0, x.probability(0));
        assertEquals(0.00001, x.probability(3), 1e-11);
    }

    @Test
    void stringsWithoutIdsKeepTheirPlaces() throws IOException {
        String file = """
                {"meta":{"version":2,"model":"m","timestamp":"1970-01-01T00:00:00Z"},"layers":[0],"input":["a"],"topk":[[["b"]]],\
                "tracked":[{"b":[0.5],"z":[0.1],"c":[0.2],"y":[0.05]}],"ids":{}}""";

        StringWriter written = new StringWriter();
        V2Json.write(V2Json.read(new StringReader(file)), written, Instant.EPOCH);

        assertEquals(file, written.toString());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "\"version\":2; \"version\":3; $.meta.version: expected 2, found 3",
                "\"layers\":[0,3]; \"layers\":[3,0]; $.layers: not ascending",
                "\"layers\":[0,3]; \"layers\":[0]; $.topk: expected one element for each of 1 layers, found 2",
                "\"input\":[\"The\",; \"input\":[; $.topk[0]: expected one element for each of 1 input tokens, found 2",
                "[\" a\",\" b\"]; [\" a\"]; $.topk[0][1]: expected 1 tokens, as in the first cell, found 2",
                "[\" a\",\" b\"]; [\" a\",\"y\"]; $.topk[0][0]: there is no trajectory of \"y\"",
                "[0.5,0.25]; [0.5]; $.tracked[0][\" a\"]: expected one element for each of 2 layers, found 1",
                "[0.5,0.25]; [0.5,1.25]; $.tracked[0][\" a\"]: 1.25 is not a probability",
                "\"mode\":\"x\"; \"ids\":{\" a\":3,\" b\":3}; $.ids: 3 is the id of two strings",
                "\"mode\":\"x\"; \"ids\":{\" a\":-3}; $.ids: -3 is below 0",
                "\"mode\":\"x\"}; \"mode\":; no readable V2 JSON file"
            })
    void brokenFilesAreRefusedWithThePlace(String whole, String broken, String expected) {
        String text = WIDGETS_OWN.replace(whole, broken);
        LensFileException error = assertThrows(LensFileException.class, () -> V2Json.read(new StringReader(text)));
        assertTrue(String.valueOf(error.getMessage()).contains(expected), error.getMessage());
    }

    private static JsonObject write(LensResult result) throws IOException {
        StringWriter out = new StringWriter();
        V2Json.write(result, out, TIME);
        return JsonParser.parseString(out.toString()).getAsJsonObject();
    }

    private static LensResult result(long seed, LensRequest request) {
        try (FakeLensServer server =
                        FakeLensServer.playing(FakeRun.of(seed, request).events());
                LensClient client = server.client()) {
            return client.analyze(request);
        }
    }
}
