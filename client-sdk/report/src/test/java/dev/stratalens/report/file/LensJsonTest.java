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
import dev.stratalens.client.request.Candidates;
import dev.stratalens.client.request.LensRequest;
import dev.stratalens.client.request.LensTarget;
import dev.stratalens.client.request.Statistic;
import dev.stratalens.client.result.LensResult;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalDouble;
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
                        "lenses",
                        "approximate",
                        "number_form",
                        "prompt",
                        "tokens",
                        "read_points",
                        "positions",
                        "top_k",
                        "columns",
                        "targets",
                        "final_top",
                        "readings",
                        "trajectories",
                        "vocab",
                        "self_check",
                        "timings",
                        "run"),
                List.copyOf(json.keySet()));
        assertEquals("stratalens/2", json.get("format").getAsString());
        assertEquals(
                "[{\"site\":\"embedding\"},{\"block\":0,\"site\":\"block_output\"}]",
                array(json.getAsJsonArray("read_points").asList().subList(0, 2).toString())
                        .toString());
        assertEquals("[\"logit\"]", json.get("lenses").toString());
        JsonObject next = json.getAsJsonArray("targets").get(0).getAsJsonObject();
        assertEquals("next_token", next.get("kind").getAsString());
        assertTrue(next.getAsJsonArray("ids").get(5).isJsonNull());
        JsonObject reading = json.getAsJsonArray("readings").get(3).getAsJsonObject();
        assertTrue(
                reading.getAsJsonArray("ranks").get(5).getAsJsonArray().get(0).isJsonNull());
        assertEquals(
                6, reading.getAsJsonObject("columns").getAsJsonArray("entropy").size());
        JsonObject word = json.getAsJsonArray("targets").get(1).getAsJsonObject();
        assertEquals(" Paris", word.get("text").getAsString());
        assertEquals(2, word.getAsJsonArray("token_ids").size());
        JsonObject trajectories = json.getAsJsonArray("trajectories").get(0).getAsJsonObject();
        assertEquals(
                (float) result.trajectories(0).get(2).logProbability(2),
                trajectories
                        .getAsJsonArray("log_probs")
                        .get(2)
                        .getAsJsonArray()
                        .get(3)
                        .getAsFloat());
    }

    @Test
    void aColumnThatNobodyKnowsIsKeptWithItsDescription() throws IOException {
        JsonObject json = JsonParser.parseString(
                        write(RandomResult.of(2, LensRequest.of("p").build())))
                .getAsJsonObject();
        String described =
                "{\"name\":\"made-up\",\"label\":\"made-up lead\",\"unit\":\"bits\",\"minimum\":0,\"maximum\":8.5,"
                        + "\"direction\":\"more_is_surer\",\"meaning\":\"How far.\",\"remark\":\"Made up.\"}";
        json.getAsJsonArray("columns").add(JsonParser.parseString(described));
        json.getAsJsonArray("readings")
                .forEach(reading -> reading.getAsJsonObject()
                        .getAsJsonObject("columns")
                        .add("made-up", array("[0,1,2,3,null,8.5]")));
        LensResult result = LensJson.read(new StringReader(json.toString()));
        assertEquals(json, JsonParser.parseString(write(result)));
        Statistic made = List.copyOf(result.info().statistics())
                .get(result.info().statistics().size() - 1);
        assertEquals("made-up lead", made.label());
        assertEquals(OptionalDouble.of(3), result.statistic(made, 1, 3));
        assertEquals(OptionalDouble.empty(), result.statistic(made, 1, 4));
    }

    @Test
    void layersAndLensesMayBeLeftToTheirShorthand() throws IOException {
        LensResult result = RandomResult.of(2, LensRequest.of("p").build());
        JsonObject json = JsonParser.parseString(write(result)).getAsJsonObject();
        json.remove("read_points");
        json.remove("lenses");
        json.add("layers", array(result.layers().toString()));
        assertEquals(result, LensJson.read(new StringReader(json.toString())));
    }

    @Test
    void theRuleThatChosePredictionsIsKept() throws IOException {
        LensResult result = RandomResult.of(2, LensRequest.of("p").build());
        JsonObject json = JsonParser.parseString(write(result)).getAsJsonObject();
        json.addProperty("candidates", "words");
        LensResult read = LensJson.read(new StringReader(json.toString()));
        assertEquals(Candidates.words(), read.info().candidates());
        assertEquals(json, JsonParser.parseString(write(read)));
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
        turned.getAsJsonObject("model").addProperty("new", true);
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
                damage("$.model: expected an object", json -> json.addProperty("model", 1)),
                damage("$.layers: empty", json -> json.add("layers", array("[]"))),
                damage("$.layers: not ascending", json -> json.add("layers", array("[0,1,1,3]"))),
                damage("$.layers[1]: \"x\" is not a number", json -> json.add("layers", array("[0,\"x\",2,3]"))),
                damage("$.layers: null where a number", json -> json.add("layers", array("[0,null,2,3]"))),
                damage("there are only 6 tokens", json -> json.add("positions", array("[0,1,2,3,4,6]"))),
                damage(
                        "$.read_points: not ascending",
                        json -> json.getAsJsonArray("read_points")
                                .get(1)
                                .getAsJsonObject()
                                .addProperty("block", 0)),
                damage(
                        "$.read_points[1].site: \"attention\" cannot be read",
                        json -> json.getAsJsonArray("read_points")
                                .get(1)
                                .getAsJsonObject()
                                .addProperty("site", "attention")),
                damage("there is no lens \"tea\"", json -> json.add("lenses", array("[\"tea\"]"))),
                damage(
                        "$.readings[0].ids: expected arrays of shape [6, 4], found [6, 5]",
                        json -> json.addProperty("top_k", 4)),
                damage("$.top_k: 0 is below 1", json -> json.addProperty("top_k", 0)),
                damage(
                        "an array of 4 elements beside one of 5",
                        json -> reading(json, 1)
                                .getAsJsonArray("ids")
                                .get(2)
                                .getAsJsonArray()
                                .remove(0)),
                damage(
                        "$.readings[1].columns.entropy: expected arrays of shape [6], found [5]",
                        json -> reading(json, 1)
                                .getAsJsonObject("columns")
                                .getAsJsonArray("entropy")
                                .remove(0)),
                damage(
                        "$.readings[1].columns: the key \"entropy\" is missing",
                        json -> reading(json, 1).getAsJsonObject("columns").remove("entropy")),
                damage(
                        "$.readings: expected one element for each of the 4 read points of lens 0, found 3",
                        json -> json.getAsJsonArray("readings").remove(0)),
                damage(
                        "$.readings[1].read_point: expected 1, found 2",
                        json -> reading(json, 1).addProperty("read_point", 2)),
                damage(
                        "$.trajectories: expected one element",
                        json -> json.getAsJsonArray("trajectories").remove(0)),
                damage("$.vocab: token id", json -> json.add("vocab", new JsonObject())),
                damage(
                        "$.targets[0].kind: expected one of",
                        json -> target(json, 0).addProperty("kind", "word")),
                damage(
                        "$.targets[1].token_ids: expected one id",
                        json -> target(json, 1).add("token_ids", array("[]"))),
                damage(
                        "$.readings[0].ranks: a rank is 1 or more where the target exists",
                        json -> reading(json, 0)
                                .getAsJsonArray("ranks")
                                .get(0)
                                .getAsJsonArray()
                                .set(1, JsonNull.INSTANCE)),
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
            assertRefused("no readable stratalens/2 file: ", json.substring(0, end));
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

    private static JsonObject reading(JsonObject json, int index) {
        return json.getAsJsonArray("readings").get(index).getAsJsonObject();
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
