package dev.stratalens.report.file;

import com.google.gson.stream.JsonReader;
import dev.stratalens.client.result.ResultColumns;
import dev.stratalens.report.file.Section.ValueReader;
import java.io.IOException;
import java.io.Reader;
import java.util.Map;

/** Reads {@code stratalens/1}. */
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

    private static final ResultFile RESULT =
            new ResultFile(RunJson.FORMAT, FILE, file -> new NativeJsonContents(file).toResult());

    private NativeJsonReader() {}

    /** Reads a result and checks that it is complete and consistent. */
    public static ResultColumns read(Reader in) throws IOException {
        return RESULT.read(in);
    }

    private static ValueReader integers(int dimensions) {
        return in -> NumberGrid.integers(in, dimensions);
    }

    private static ValueReader floats(int dimensions) {
        return in -> NumberGrid.floats(in, dimensions);
    }
}
