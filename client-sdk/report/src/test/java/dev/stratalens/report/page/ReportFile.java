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
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;

/** Reads the block of a report by {@code docs/viewer-file.md}, without the code that wrote it, and makes native JSON of it. */
public final class ReportFile {

    private static final List<String> STATISTICS = List.of("entropy", "kl_from_final", "kl_from_next");

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
        layers = json.getAsJsonArray("layers").size();
        positions = json.getAsJsonArray("positions").size();
        k = json.getAsJsonObject("top_k").get("k").getAsInt();
        json.getAsJsonObject("vocab").keySet().forEach(id -> vocabulary.add(Integer.parseInt(id)));
    }

    /** The native JSON of a result of a page. */
    public static JsonObject nativeJson(String html, int result) {
        return new ReportFile(html, result).read();
    }

    private JsonObject read() {
        List<String> statistics = json.remove("stats").getAsJsonArray().asList().stream()
                .map(JsonElement::getAsString)
                .toList();
        assertEquals(STATISTICS.stream().filter(statistics::contains).toList(), statistics);
        json.add("stats", new JsonObject());
        if (json.has("tracked_encoding")) {
            json.add("tracked", new JsonArray());
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
        addCells(
                "top_k",
                "ids",
                count,
                k,
                i -> new JsonPrimitive(ids.get(i / k / layers).get(places[i])));
        addFloats(in, "top_k", "log_probs", count, k);
        addFloats(in, "stats", "log_sum_exp", count, 0);
        statistics.forEach(key -> addFloats(in, "stats", key, count, 0));
        for (JsonElement target : json.getAsJsonArray("targets")) {
            int[] ranks = column(in, cells);
            addTo(
                    target.getAsJsonObject(),
                    "rank",
                    count,
                    0,
                    i -> ranks[i] == 0 ? JsonNull.INSTANCE : new JsonPrimitive(ranks[i]));
            int[] bits = column(in, cells);
            addTo(target.getAsJsonObject(), "log_prob", count, 0, i -> number(bits[i]));
        }
        if (json.has("tracked")) {
            addTracked(in, tracked);
        }
        assertEquals(0, in.remaining());
    }

    private void addTracked(ByteBuffer in, List<List<Integer>> tracked) {
        boolean exact = json.get("tracked_encoding").getAsString().equals("float32");
        int[] values = column(in, layers * tracked.stream().mapToInt(List::size).sum());
        int first = 0;
        for (List<Integer> ids : tracked) {
            JsonArray rows = new JsonArray();
            for (int layer = 0; layer < layers; layer++) {
                JsonArray row = new JsonArray();
                for (int token = 0; token < ids.size(); token++) {
                    int value = values[first + token * layers + layer];
                    row.add(exact ? number(value) : new JsonPrimitive(value));
                }
                rows.add(row);
            }
            first += ids.size() * layers;
            JsonArray list = new JsonArray();
            ids.forEach(list::add);
            JsonObject position = new JsonObject();
            position.add("ids", list);
            position.add(exact ? "log_probs" : "ppm", rows);
            json.getAsJsonArray("tracked").add(position);
        }
    }

    private interface ValueAt {
        JsonElement get(int index);
    }

    private void addFloats(ByteBuffer in, String section, String key, int count, int width) {
        int[] bits = column(in, count * layers * Math.max(width, 1));
        addCells(section, key, count, width, i -> number(bits[i]));
    }

    private void addCells(String section, String key, int count, int width, ValueAt value) {
        addTo(json.getAsJsonObject(section), key, count, width, value);
    }

    /** Appends positions to a table [layer][position], or with a width [layer][position][place]. */
    private void addTo(JsonObject object, String key, int count, int width, ValueAt value) {
        if (!object.has(key)) {
            JsonArray table = new JsonArray();
            for (int layer = 0; layer < layers; layer++) {
                table.add(new JsonArray());
            }
            object.add(key, table);
        }
        for (int cell = 0; cell < count * layers; cell++) {
            JsonElement content = value.get(cell * Math.max(width, 1));
            if (width > 0) {
                JsonArray list = new JsonArray();
                for (int place = 0; place < width; place++) {
                    list.add(value.get(cell * width + place));
                }
                content = list;
            }
            object.getAsJsonArray(key).get(cell % layers).getAsJsonArray().add(content);
        }
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
                        "<script type=\"application/octet-stream\" id=\"" + id + "\">([A-Za-z0-9+/=]*)</script>")
                .matcher(html);
        assertTrue(matcher.find(), id);
        try (InflaterInputStream in = new InflaterInputStream(
                new ByteArrayInputStream(Base64.getDecoder().decode(matcher.group(1))), new Inflater(true))) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
