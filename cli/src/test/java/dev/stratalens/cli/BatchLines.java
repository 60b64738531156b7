package dev.stratalens.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.stratalens.client.result.LensResult;
import dev.stratalens.client.result.Prediction;
import dev.stratalens.report.file.LensJson;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What {@code batch} wrote, read as others would. */
final class BatchLines {

    private static final float TOLERANCE = 1e-4f;

    private BatchLines() {}

    /** Complete lines by id, each of which must be there once. */
    static Map<String, JsonObject> read(Path file) throws IOException {
        Map<String, JsonObject> lines = new TreeMap<>();
        for (String line : Files.readAllLines(file)) {
            JsonObject object = JsonParser.parseString(line).getAsJsonObject();
            assertNull(lines.put(object.get("id").getAsString(), object), "twice");
        }
        return lines;
    }

    static LensResult result(JsonObject line) throws IOException {
        return LensJson.read(new StringReader(line.getAsJsonObject("result").toString()));
    }

    /** The same request and, however prompts were packed together, the same numbers. */
    static void assertSameResult(JsonObject expectedLine, JsonObject actualLine) throws IOException {
        assertEquals(expectedLine.get("request"), actualLine.get("request"));
        LensResult expected = result(expectedLine);
        LensResult actual = result(actualLine);
        assertEquals(expected.prompt(), actual.prompt());
        assertEquals(expected.tokens(), actual.tokens());
        assertEquals(expected.layers(), actual.layers());
        assertEquals(expected.positions(), actual.positions());
        for (int layer : expected.layers()) {
            for (int position : expected.positions()) {
                List<Prediction> best = expected.topK(layer, position);
                List<Prediction> found = actual.topK(layer, position);
                assertEquals(best.size(), found.size());
                for (int i = 0; i < best.size(); i++) {
                    assertEquals(best.get(i).logProb(), found.get(i).logProb(), TOLERANCE);
                }
            }
        }
    }
}
