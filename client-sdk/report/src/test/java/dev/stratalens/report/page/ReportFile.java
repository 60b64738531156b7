package dev.stratalens.report.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;

/** Reads the block of a report by {@code docs/viewer-file.md}, without the code that wrote it, and makes native JSON of it. */
public final class ReportFile {

    private final String html;
    private final int result;
    private final JsonObject json;
    private final int layers;
    private final int positions;
    private final int k;
    private final List<Integer> vocabulary = new ArrayList<>();

    private ReportFile(String html, int result) {
        this.html = html;
        this.result = result;
        json = JsonParser.parseString(new String(part("head"), StandardCharsets.UTF_8))
                .getAsJsonObject();
        layers = json.getAsJsonArray("read_points").size();
        positions = json.getAsJsonArray("positions").size();
        k = json.get("top_k").getAsInt();
        json.getAsJsonObject("vocab").keySet().forEach(id -> vocabulary.add(Integer.parseInt(id)));
    }

    /** The native JSON of a result of a page. */
    public static JsonObject nativeJson(String html, int result) {
        return new ReportFile(html, result).read();
    }

    private JsonObject read() {
        List<String> statistics = json.getAsJsonArray("columns").asList().stream()
                .map(column -> column.getAsJsonObject().get("name").getAsString())
                .toList();
        JsonArray readings = new JsonArray();
        for (int layer = 0; layer < layers; layer++) {
            JsonObject reading = new JsonObject();
            reading.addProperty("lens", 0);
            reading.addProperty("read_point", layer);
            reading.add("columns", new JsonObject());
            readings.add(reading);
        }
        json.add("readings", readings);
        if (json.remove("trajectories").getAsBoolean()) {
            json.add("trajectories", new JsonArray());
        }
        int size = json.remove("positions_per_page").getAsInt();
        for (int page = 0; page * size < positions; page++) {
            readPage(part("page-" + page), Math.min(size, positions - page * size), statistics);
        }
        return json;
    }

    private void readPage(byte[] bytes, int count, List<String> statistics) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        int[] sizes = column(in, count);
        int total = Arrays.stream(sizes).sum();
        int[] steps = column(in, total);
        int[] followed = column(in, total);
        List<List<Integer>> ids = new ArrayList<>();
        List<List<Integer>> tracked = new ArrayList<>();
        int at = 0;
        for (int size : sizes) {
            ids.add(new ArrayList<>());
            tracked.add(new ArrayList<>());
            int index = 0;
            for (int i = 0; i < size; i++, at++) {
                index += steps[at];
                ids.get(ids.size() - 1).add(vocabulary.get(index));
                if (followed[at] == 1) {
                    tracked.get(ids.size() - 1).add(vocabulary.get(index));
                }
            }
        }
        int cells = count * layers;
        int[] places = column(in, cells * k);
        addLists(count, k, "ids", i -> new JsonPrimitive(ids.get(i / k / layers).get(places[i])));
        int[] logProbs = floats(in, cells * k);
        addLists(count, k, "log_probs", i -> number(logProbs[i]));
        for (String name : statistics) {
            int[] bits = floats(in, cells);
            for (int cell = 0; cell < cells; cell++) {
                array(reading(cell).getAsJsonObject("columns"), name).add(number(bits[cell]));
            }
        }
        int targets = json.getAsJsonArray("targets").size();
        int[][] ranks = new int[targets][];
        int[][] targetLogProbs = new int[targets][];
        for (int m = 0; m < targets; m++) {
            ranks[m] = column(in, cells);
            targetLogProbs[m] = floats(in, cells);
        }
        addLists(count, targets, "ranks", i -> rank(ranks[i % targets][i / targets]));
        addLists(count, targets, "target_log_probs", i -> number(targetLogProbs[i % targets][i / targets]));
        if (json.has("trajectories")) {
            addTracked(in, tracked);
        }
        assertEquals(0, in.remaining());
    }

    private void addTracked(ByteBuffer in, List<List<Integer>> tracked) {
        int[] values = floats(in, layers * tracked.stream().mapToInt(List::size).sum());
        JsonArray trajectories = json.getAsJsonArray("trajectories");
        int at = 0;
        for (List<Integer> ids : tracked) {
            JsonArray list = new JsonArray();
            JsonArray rows = new JsonArray();
            for (int id : ids) {
                list.add(id);
                JsonArray row = new JsonArray();
                for (int layer = 0; layer < layers; layer++) {
                    row.add(number(values[at++]));
                }
                rows.add(row);
            }
            JsonObject position = new JsonObject();
            position.addProperty("lens", 0);
            position.add("position", json.getAsJsonArray("positions").get(trajectories.size()));
            position.add("ids", list);
            position.add("log_probs", rows);
            trajectories.add(position);
        }
    }

    private interface ValueAt {
        JsonElement get(int index);
    }

    private static JsonArray array(JsonObject object, String key) {
        if (!object.has(key)) {
            object.add(key, new JsonArray());
        }
        return object.getAsJsonArray(key);
    }

    private static JsonElement rank(int rank) {
        return rank == 0 ? JsonNull.INSTANCE : new JsonPrimitive(rank);
    }

    /** Appends a list of {@code width} values for each position to an array of each reading. */
    private void addLists(int count, int width, String key, ValueAt value) {
        for (int cell = 0; cell < count * layers; cell++) {
            JsonArray list = new JsonArray();
            for (int place = 0; place < width; place++) {
                list.add(value.get(cell * width + place));
            }
            array(reading(cell), key).add(list);
        }
    }

    private JsonObject reading(int cell) {
        return json.getAsJsonArray("readings").get(cell % layers).getAsJsonObject();
    }

    private static int[] floats(ByteBuffer in, int count) {
        int distinct = column(in, 1)[0];
        if (distinct == 0) {
            return column(in, count);
        }
        int[] values = column(in, distinct);
        return Arrays.stream(column(in, count)).map(place -> values[place]).toArray();
    }

    private static JsonElement number(int bits) {
        float value = Float.intBitsToFloat(bits);
        if (Float.isNaN(value)) {
            return JsonNull.INSTANCE;
        }
        return Float.isInfinite(value) ? new JsonPrimitive(Float.toString(value)) : new JsonPrimitive(value);
    }

    private static int[] column(ByteBuffer in, int count) {
        int[] values = new int[count];
        for (int plane = 0; plane < 4; plane++) {
            for (int i = 0; i < count; i++) {
                values[i] |= (in.get() & 0xFF) << (8 * plane);
            }
        }
        return values;
    }

    /** The script that a page unpacks. */
    public static String script(String html) {
        return new String(part(html, "script"), StandardCharsets.UTF_8);
    }

    private byte[] part(String name) {
        return part(html, "result-" + result + "-" + name);
    }

    private static byte[] part(String html, String id) {
        Matcher matcher = Pattern.compile(
                        "<script type=\"application/octet-stream\" id=\"" + id + "\">([(-;=-}]*)</script>")
                .matcher(html);
        assertTrue(matcher.find(), id);
        try (InflaterInputStream in =
                new InflaterInputStream(new ByteArrayInputStream(bytes(matcher.group(1))), new Inflater(true))) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** As the page reads the digits. */
    private static byte[] bytes(String text) {
        ByteBuffer bytes = ByteBuffer.allocate((text.length() + 4) / 5 * 4);
        for (int at = 0; at < text.length(); at += 5) {
            long group = 0;
            for (int i = at; i < at + 5; i++) {
                char character = i < text.length() ? text.charAt(i) : '|';
                group = group * 85 + (character == '}' ? '<' : character) - '(';
            }
            bytes.putInt((int) group);
        }
        return Arrays.copyOf(bytes.array(), text.length() * 4 / 5);
    }
}
