package dev.stratalens.report.file;

import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonWriter;
import dev.stratalens.client.internal.result.AttributionColumns;
import dev.stratalens.client.internal.result.ColumnAttribution;
import dev.stratalens.client.request.ReadPoint;
import dev.stratalens.client.request.Site;
import dev.stratalens.client.result.Attribution;
import dev.stratalens.client.result.ResultInfo;
import dev.stratalens.report.file.Section.ValueReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Writes and reads the attribution of a result: the key {@code attribution} of {@code stratalens/2}. */
public final class AttributionJson {

    /** Elements of the lists of parts and of blocks with attention heads. */
    private static final Map<String, ValueReader> PART = Map.of(
            "block", JsonReader::nextInt,
            "site", JsonReader::nextString,
            "count", JsonReader::nextInt,
            "shares", in -> NumberGrid.floats(in, 1));

    private static final Map<String, ValueReader> ATTRIBUTION = Map.of(
            "parts",
            Section.list(in -> Section.read(in, PART)),
            "heads",
            Section.list(in -> Section.read(in, PART)),
            "biases",
            in -> NumberGrid.floats(in, 1),
            "logits",
            in -> NumberGrid.floats(in, 1),
            "softcap",
            JsonReader::nextString,
            "largest_difference",
            JsonReader::nextString);

    /** Reads the value of the key. */
    static final ValueReader READER = in -> Section.read(in, ATTRIBUTION);

    private AttributionJson() {}

    /** Writes the key with its value into an open object. */
    public static void write(Attribution attribution, JsonWriter json) throws IOException {
        AttributionColumns columns = ((ColumnAttribution) attribution).columns();
        json.name("attribution").beginObject();
        json.name("parts").beginArray();
        for (int part = 0; part < columns.parts().size(); part++) {
            ReadPoint point = columns.parts().get(part);
            json.beginObject();
            json.name("block").value(point.block());
            json.name("site").value(RunJson.name(point.site()));
            floats(columns.shares().get(part), json.name("shares"));
            json.endObject();
        }
        json.endArray();
        json.name("heads").beginArray();
        for (var heads : columns.heads().entrySet()) {
            json.beginObject();
            json.name("block").value(heads.getKey());
            json.name("count").value(heads.getValue().length / columns.logits().length);
            floats(heads.getValue(), json.name("shares"));
            json.endObject();
        }
        json.endArray();
        floats(columns.biases(), json.name("biases"));
        floats(columns.logits(), json.name("logits"));
        json.name("softcap");
        JsonNumbers.write(json, columns.softcap());
        json.name("largest_difference");
        JsonNumbers.write(json, columns.largestDifference());
        json.endObject();
    }

    private static void floats(float[] values, JsonWriter json) throws IOException {
        JsonArrays.range(json, 0, values.length, at -> JsonNumbers.write(json, values[at]));
    }

    /** The attribution of a file, if it has one. */
    static Optional<Attribution> read(Section file, ResultInfo info) throws LensFileException {
        if (!file.has("attribution")) {
            return Optional.empty();
        }
        Section attribution = file.object("attribution");
        int logits = info.positions().size() * info.targets().size();
        NativeJsonContents.require(logits > 0, "$.attribution: there are no targets");
        List<ReadPoint> parts = new ArrayList<>();
        List<float[]> shares = new ArrayList<>();
        for (Section part : attribution.list("parts", Section.class)) {
            Site site = NativeJsonContents.site(part);
            parts.add(ReadPoint.of(site == Site.EMBEDDING ? 0 : part.integer("block"), site));
            shares.add(part.grid("shares").toFloats(logits));
        }
        TreeMap<Integer, float[]> heads = new TreeMap<>();
        for (Section block : attribution.list("heads", Section.class)) {
            int count = block.integer("count");
            NativeJsonContents.require(count >= 1, block.path() + ".count: " + count + " is below 1");
            heads.put(block.integer("block"), block.grid("shares").toFloats(Math.multiplyExact(logits, count)));
        }
        return Optional.of(new ColumnAttribution(
                info,
                new AttributionColumns(
                        parts,
                        shares,
                        heads,
                        attribution.grid("biases").toFloats(logits),
                        attribution.grid("logits").toFloats(logits),
                        attribution.float32("softcap"),
                        attribution.float32("largest_difference"))));
    }
}
