package dev.stratalens.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.stratalens.client.fake.FakeLensServer;
import dev.stratalens.client.fake.FakeRun;
import java.io.IOException;
import java.io.StringWriter;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
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
                            .probability(layer + 1);
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
    void needsAllTrajectories() {
        LensRequest without =
                LensRequest.of("p").trajectories(Trajectories.none()).build();
        LensRequest some = LensRequest.of("p")
                .trajectories(Trajectories.compact().withMinimumPeak(0.9))
                .build();
        for (LensRequest request : List.of(without, some)) {
            LensResult result = result(6, request);
            StringWriter out = new StringWriter();
            IllegalArgumentException error =
                    assertThrows(IllegalArgumentException.class, () -> V2Json.write(result, out, TIME));
            assertTrue(String.valueOf(error.getMessage()).contains("ask with"), error.getMessage());
            assertEquals("", out.toString());
        }
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
