package dev.stratalens.report.file;

import com.google.gson.stream.JsonReader;
import dev.stratalens.client.internal.result.ResultColumns;
import dev.stratalens.report.file.Section.ValueReader;
import java.io.IOException;
import java.io.Reader;
import java.util.Map;

/** Reads {@code stratalens/2}. */
final class NativeJsonReader {

    private static final ValueReader STRING = JsonReader::nextString;
    private static final ValueReader INTEGER = JsonReader::nextInt;

    private static final Map<String, ValueReader> FINAL_TOP = Map.of("ids", integers(1), "log_probs", floats(1));

    private static final Map<String, ValueReader> TARGET =
            Map.of("kind", STRING, "text", STRING, "token_ids", integers(1), "ids", integers(1));

    private static final Map<String, ValueReader> READING = Map.of(
            "lens",
            INTEGER,
            "read_point",
            INTEGER,
            "ids",
            integers(2),
            "log_probs",
            floats(2),
            "columns",
            in -> Section.readEach(in, floats(1)),
            "ranks",
            integers(2),
            "target_log_probs",
            floats(2));

    private static final Map<String, ValueReader> COVERAGE = Map.of(
            "read_points",
            integers(1),
            "decodes_last_block_as_model",
            JsonReader::nextBoolean,
            "skipped_positions",
            INTEGER,
            "warnings",
            Section.list(STRING));

    private static final Map<String, ValueReader> TRAJECTORIES =
            Map.of("lens", INTEGER, "position", INTEGER, "ids", integers(1), "log_probs", floats(2));

    private static final Map<String, ValueReader> FILE = Map.ofEntries(
            Map.entry("format", STRING),
            Map.entry("model", Section::object),
            Map.entry("lenses", Section.list(STRING)),
            Map.entry("coverage", Section.list(in -> Section.read(in, COVERAGE))),
            Map.entry("approximate", JsonReader::nextBoolean),
            Map.entry("number_form", STRING),
            Map.entry("prompt", STRING),
            Map.entry("tokens", Section.list(Section::object)),
            Map.entry("read_points", Section.list(Section::object)),
            Map.entry("layers", integers(1)),
            Map.entry("positions", integers(1)),
            Map.entry("top_k", INTEGER),
            Map.entry("candidates", STRING),
            Map.entry("columns", Section.list(Section::object)),
            Map.entry("targets", Section.list(in -> Section.read(in, TARGET))),
            Map.entry("final_top", in -> Section.read(in, FINAL_TOP)),
            Map.entry("readings", Section.list(in -> Section.read(in, READING))),
            Map.entry("trajectories", Section.list(in -> Section.read(in, TRAJECTORIES))),
            Map.entry("attribution", AttributionJson.READER),
            Map.entry("vocab", Section::object),
            Map.entry("self_check", Section::object),
            Map.entry("timings", Section::object),
            Map.entry("run", Section::object));

    private static final ResultFile RESULT =
            new ResultFile(RunJson.FORMAT, FILE, file -> new NativeJsonContents(file).toResult());

    private NativeJsonReader() {}

    /** Reads a result and checks that it is complete and consistent. */
    static ResultColumns read(Reader in) throws IOException {
        return RESULT.read(in);
    }

    private static ValueReader integers(int dimensions) {
        return in -> NumberGrid.integers(in, dimensions);
    }

    private static ValueReader floats(int dimensions) {
        return in -> NumberGrid.floats(in, dimensions);
    }
}
