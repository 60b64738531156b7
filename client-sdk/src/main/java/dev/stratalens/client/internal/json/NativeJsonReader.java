package dev.stratalens.client.internal.json;

import com.google.gson.JsonParseException;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.MalformedJsonException;
import dev.stratalens.client.LensFileException;
import dev.stratalens.client.internal.ResultColumns;
import dev.stratalens.client.internal.json.Section.ValueReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.Reader;
import java.util.Map;

/** Reads {@code stratalens/1}. Keys may come in any order, so everything is parsed before it is put together. */
public final class NativeJsonReader {

    private static final ValueReader STRING = JsonReader::nextString;

    private static final Map<String, ValueReader> TOP_K =
            Map.of("k", JsonReader::nextInt, "ids", integers(3), "log_probs", floats(3));

    private static final Map<String, ValueReader> STATS = Map.of(
            "log_sum_exp", floats(2), "entropy", floats(2), "kl_from_final", floats(2), "kl_from_next", floats(2));

    private static final Map<String, ValueReader> FINAL_TOP = Map.of("ids", integers(1), "log_probs", floats(1));

    private static final Map<String, ValueReader> TARGET = Map.of(
            "kind",
            STRING,
            "text",
            STRING,
            "token_ids",
            integers(1),
            "ids",
            integers(1),
            "rank",
            integers(2),
            "log_prob",
            floats(2));

    private static final Map<String, ValueReader> TRACKED =
            Map.of("ids", integers(1), "log_probs", floats(2), "ppm", integers(2));

    private static final Map<String, ValueReader> FILE = Map.ofEntries(
            Map.entry("format", STRING),
            Map.entry("model", JsonFields::read),
            Map.entry("lens", JsonFields::read),
            Map.entry("prompt", STRING),
            Map.entry("tokens", JsonFields::readAll),
            Map.entry("layers", integers(1)),
            Map.entry("positions", integers(1)),
            Map.entry("top_k", in -> Section.read(in, TOP_K)),
            Map.entry("stats", in -> Section.read(in, STATS)),
            Map.entry("final_top", in -> Section.read(in, FINAL_TOP)),
            Map.entry("targets", in -> Section.readAll(in, TARGET)),
            Map.entry("tracked_encoding", STRING),
            Map.entry("tracked", in -> Section.readAll(in, TRACKED)),
            Map.entry("vocab", JsonFields::read),
            Map.entry("self_check", JsonFields::read),
            Map.entry("timings", JsonFields::read),
            Map.entry("run", JsonFields::read));

    private NativeJsonReader() {}

    /** Reads a result and checks that it is complete and consistent. */
    public static ResultColumns read(Reader in) throws IOException {
        JsonReader json = new JsonReader(in);
        json.setStrictness(Strictness.STRICT);
        try {
            Section file = Section.read(json, FILE);
            var end = json.peek(); // refuses whatever follows the object
            assert end == JsonToken.END_DOCUMENT;
            return new NativeJsonContents(file).toResult();
        } catch (MalformedJsonException
                | EOFException
                | JsonParseException
                | IllegalStateException
                | IllegalArgumentException e) {
            throw new LensFileException("no readable " + RunJson.FORMAT + " file: " + reason(e), e);
        }
    }

    /** Gson's message without its advice to programmers. */
    private static String reason(Exception e) {
        String message = String.valueOf(e.getMessage())
                .replace("Use JsonReader.setStrictness(Strictness.LENIENT) to accept malformed JSON", "malformed JSON");
        int end = message.indexOf("\nSee ");
        return end < 0 ? message : message.substring(0, end);
    }

    private static ValueReader integers(int dimensions) {
        return in -> NumberGrid.integers(in, dimensions);
    }

    private static ValueReader floats(int dimensions) {
        return in -> NumberGrid.floats(in, dimensions);
    }
}
