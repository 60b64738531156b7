package dev.stratalens.report.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.stratalens.client.fake.RandomResult;
import dev.stratalens.client.request.LensRequest;
import dev.stratalens.client.request.LensTarget;
import dev.stratalens.client.result.LensResult;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(60)
class LensJsonTest {

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void whatIsWrittenReadsBackEqual(long seed) throws IOException {
        LensResult result = RandomResult.of(seed);
        String json = write(result);
        LensResult again = LensJson.read(new StringReader(json));
        assertEquals(result, again);
        assertEquals(result.hashCode(), again.hashCode());
        assertEquals(json, write(again));
        assertFalse(json.contains("NaN"), json);
    }

    static LongStream seeds() {
        return LongStream.range(0, 60);
    }

    @Test
    void hasTheKeysOfTheFormat() throws IOException {
        LensResult result = RandomResult.of(
                1,
                LensRequest.of("p")
                        .target(LensTarget.nextToken(), LensTarget.text(" Paris"))
                        .includeEmbedding()
                        .build());
        JsonObject json = JsonParser.parseString(write(result)).getAsJsonObject();
        assertEquals(
                List.of(
                        "format",
                        "model",
                        "lens",
                        "prompt",
                        "tokens",
                        "layers",
                        "positions",
                        "top_k",
                        "stats",
                        "final_top",
                        "targets",
                        "tracked_encoding",
                        "tracked",
                        "vocab",
                        "self_check",
                        "timings",
                        "run"),
                List.copyOf(json.keySet()));
        assertEquals("stratalens/1", json.get("format").getAsString());
        assertEquals("[-1,0,1,2,3]", json.get("layers").toString());
        assertEquals("ppm", json.get("tracked_encoding").getAsString());
        assertEquals(
                "{\"kind\":\"logit\",\"skip_final_norm\":false,\"approximate\":false}",
                json.get("lens").toString());
        JsonObject next = json.getAsJsonArray("targets").get(0).getAsJsonObject();
        assertEquals("next_token", next.get("kind").getAsString());
        assertTrue(next.getAsJsonArray("ids").get(5).isJsonNull());
        assertTrue(next.getAsJsonArray("rank").get(0).getAsJsonArray().get(5).isJsonNull());
        assertTrue(
                next.getAsJsonArray("log_prob").get(0).getAsJsonArray().get(5).isJsonNull());
        JsonObject word = json.getAsJsonArray("targets").get(1).getAsJsonObject();
        assertEquals(" Paris", word.get("text").getAsString());
        assertEquals(2, word.getAsJsonArray("token_ids").size());
        JsonObject tracked = json.getAsJsonArray("tracked").get(0).getAsJsonObject();
        assertEquals(5, tracked.getAsJsonArray("ppm").size());
        assertEquals(
                tracked.getAsJsonArray("ids").size(),
                tracked.getAsJsonArray("ppm").get(0).getAsJsonArray().size());
        assertEquals(
                Math.round(1e6 * result.trajectories(0).get(2).probability(3)),
                tracked.getAsJsonArray("ppm").get(3).getAsJsonArray().get(2).getAsInt());
    }

    @Test
    void ignoresUnknownKeysAndTheOrderOfKeys() throws IOException {
        LensResult result =
                RandomResult.of(2, LensRequest.of("p").target(LensTarget.id(3)).build());
        JsonObject written = JsonParser.parseString(write(result)).getAsJsonObject();
        JsonObject turned = new JsonObject();
        turned.add("new", JsonParser.parseString("{\"a\":[1,{\"b\":null}]}"));
        List<String> keys = new ArrayList<>(written.keySet());
        Collections.reverse(keys);
        keys.forEach(key -> turned.add(key, written.get(key)));
        turned.getAsJsonObject("top_k").addProperty("new", true);
        assertEquals(result, LensJson.read(new StringReader(turned.toString())));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("damages")
    void aBadFileSaysWhatIsWrongAndWhere(String expectedWords, Consumer<JsonObject> damage) throws IOException {
        LensResult result = RandomResult.of(
                3,
                LensRequest.of("p")
                        .target(LensTarget.nextToken(), LensTarget.id(3))
                        .build());
        JsonObject json = JsonParser.parseString(write(result)).getAsJsonObject();
        damage.accept(json);
        assertRefused(expectedWords, json.toString());
    }

    static Stream<Arguments> damages() {
        return Stream.of(
                damage("\"format\" is missing", json -> json.remove("format")),
                damage("$.format: \"stratalens/9\"", json -> json.addProperty("format", "stratalens/9")),
                damage("the key \"top_k\" is missing", json -> json.remove("top_k")),
                damage("the key \"run\" is missing", json -> json.remove("run")),
                damage(
                        "$.model: the key \"revision\" is missing",
                        json -> json.getAsJsonObject("model").remove("revision")),
                damage(
                        "$.model.layers: expected an integer",
                        json -> json.getAsJsonObject("model").addProperty("layers", "many")),
                damage(
                        "$.lens.approximate: expected true or false",
                        json -> json.getAsJsonObject("lens").addProperty("approximate", 1)),
                damage("$.model: expected an object", json -> json.addProperty("model", 1)),
                damage("$.layers: empty", json -> json.add("layers", array("[]"))),
                damage("$.layers: not ascending", json -> json.add("layers", array("[0,1,1,3]"))),
                damage("$.layers[1]: \"x\" is no number", json -> json.add("layers", array("[0,\"x\",2,3]"))),
                damage("$.layers: null where a number", json -> json.add("layers", array("[0,null,2,3]"))),
                damage("there are only 6 tokens", json -> json.add("positions", array("[0,1,2,3,4,6]"))),
                damage(
                        "$.top_k.ids: expected arrays of shape [4, 6, 4], found [4, 6, 5]",
                        json -> json.getAsJsonObject("top_k").addProperty("k", 4)),
                damage(
                        "$.top_k.k: 0 is below 1",
                        json -> json.getAsJsonObject("top_k").addProperty("k", 0)),
                damage(
                        "an array of 4 elements beside one of 5",
                        json -> json.getAsJsonObject("top_k")
                                .getAsJsonArray("ids")
                                .get(1)
                                .getAsJsonArray()
                                .get(2)
                                .getAsJsonArray()
                                .remove(0)),
                damage(
                        "$.stats.entropy: expected arrays of shape [4, 6], found [3, 6]",
                        json -> json.getAsJsonObject("stats")
                                .getAsJsonArray("entropy")
                                .remove(0)),
                damage(
                        "$.tracked: expected one element",
                        json -> json.getAsJsonArray("tracked").remove(0)),
                damage("$.tracked_encoding: expected", json -> json.addProperty("tracked_encoding", "float16")),
                damage(
                        "$.tracked[0]: the key \"log_probs\" is missing",
                        json -> json.addProperty("tracked_encoding", "float32")),
                damage(
                        "is outside 0 .. 1000000",
                        json -> json.getAsJsonArray("tracked")
                                .get(1)
                                .getAsJsonObject()
                                .getAsJsonArray("ppm")
                                .get(0)
                                .getAsJsonArray()
                                .set(0, array("[2000000]").get(0))),
                damage("$.vocab: token id", json -> json.add("vocab", new JsonObject())),
                damage(
                        "$.targets[0].kind: expected one of",
                        json -> target(json, 0).addProperty("kind", "word")),
                damage(
                        "$.targets[1].token_ids: expected one id",
                        json -> target(json, 1).add("token_ids", array("[]"))),
                damage(
                        "a rank is 1 or more where the target exists",
                        json -> target(json, 1)
                                .getAsJsonArray("rank")
                                .get(0)
                                .getAsJsonArray()
                                .set(0, JsonNull.INSTANCE)),
                damage(
                        "is not ascending from 0",
                        json -> json.getAsJsonArray("tokens")
                                .get(0)
                                .getAsJsonObject()
                                .addProperty("start", 99)));
    }

    @Test
    void refusesWhatIsNoJson() throws IOException {
        String json = write(RandomResult.of(4, LensRequest.of("p").build()));
        for (int end = 1; end < json.length(); end += json.length() / 50) {
            assertRefused("no readable stratalens/1 file: ", json.substring(0, end));
        }
        assertRefused("malformed JSON at line 1", json + "{}");
        assertRefused("no readable", "not json");
        assertRefused("End of input", "");
        assertRefused("no readable", "[]");
    }

    private static void assertRefused(String expectedWords, String json) {
        LensFileException error = assertThrows(LensFileException.class, () -> LensJson.read(new StringReader(json)));
        assertTrue(String.valueOf(error.getMessage()).contains(expectedWords), error.getMessage());
    }

    private static Arguments damage(String expectedWords, Consumer<JsonObject> damage) {
        return Arguments.of(expectedWords, damage);
    }

    private static JsonArray array(String json) {
        return JsonParser.parseString(json).getAsJsonArray();
    }

    private static JsonObject target(JsonObject json, int index) {
        return json.getAsJsonArray("targets").get(index).getAsJsonObject();
    }

    private static String write(LensResult result) throws IOException {
        StringWriter out = new StringWriter();
        LensJson.write(result, out);
        return out.toString();
    }
}
