package dev.stratalens.report.file;

import com.google.gson.stream.JsonReader;
import dev.stratalens.client.internal.result.ResultColumns;
import dev.stratalens.report.file.Section.ValueReader;
import java.io.IOException;
import java.io.Reader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads version 2 of the widget's format. */
final class V2JsonReader {

    /**
     * Strings that stand for tokens.
     *
     * @param path their place in the file
     * @param names the strings
     */
    record Names(String path, List<String> names) {}

    /**
     * The top-k of all cells.
     *
     * @param layers one list per layer, with one element per position
     */
    record TopK(List<List<Names>> layers) {}

    /**
     * The trajectories of one position.
     *
     * @param path their place in the file
     * @param ppm probabilities in millionths by token; lossless, since the format has five decimals
     */
    record Curves(String path, Map<String, int[]> ppm) {}

    /** The trajectories of all positions. */
    record Tracked(List<Curves> positions) {}

    private interface ElementReader<T> {
        T read(JsonReader in) throws IOException;
    }

    private static final double MILLION = 1e6;

    private static final Map<String, ValueReader> FILE = Map.of(
            "meta",
            Section::object,
            "layers",
            in -> NumberGrid.integers(in, 1),
            "input",
            V2JsonReader::names,
            "topk",
            in -> new TopK(list(in, layer -> list(layer, V2JsonReader::names))),
            "tracked",
            in -> new Tracked(list(in, V2JsonReader::curves)),
            "ids",
            Section::object);

    private static final ResultFile RESULT =
            new ResultFile("V2 JSON", FILE, file -> new V2JsonContents(file).toResult());

    private V2JsonReader() {}

    /** Reads a result and checks that it is complete and consistent. */
    static ResultColumns read(Reader in) throws IOException {
        return RESULT.read(in);
    }

    private static Names names(JsonReader in) throws IOException {
        return new Names(in.getPath(), list(in, JsonReader::nextString));
    }

    private static Curves curves(JsonReader in) throws IOException {
        String path = in.getPath();
        Map<String, int[]> curves = new LinkedHashMap<>();
        in.beginObject();
        while (in.hasNext()) {
            String name = in.nextName();
            curves.put(
                    name,
                    list(in, JsonReader::nextDouble).stream()
                            .mapToInt(probability -> (int) Math.round(probability * MILLION))
                            .toArray());
        }
        in.endObject();
        return new Curves(path, curves);
    }

    private static <T> List<T> list(JsonReader in, ElementReader<T> reader) throws IOException {
        List<T> list = new ArrayList<>();
        in.beginArray();
        while (in.hasNext()) {
            list.add(reader.read(in));
        }
        in.endArray();
        return list;
    }
}
