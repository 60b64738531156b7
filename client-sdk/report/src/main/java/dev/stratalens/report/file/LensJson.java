package dev.stratalens.report.file;

import com.google.gson.stream.JsonWriter;
import dev.stratalens.client.internal.result.ResultColumns;
import dev.stratalens.client.result.LensResult;
import java.io.IOException;
import java.io.Reader;
import java.io.Writer;

/**
 * Reads and writes the lossless file format {@code stratalens/2}: JSON, UTF-8. A written result reads back to an equal
 * result, float32 for float32. Values that do not exist are {@code null}, infinities are the strings {@code "Infinity"}
 * and {@code "-Infinity"}.
 */
public final class LensJson {

    private LensJson() {}

    /**
     * Writes a result as one JSON object. Flushes the writer, does not close it.
     *
     * @throws IllegalArgumentException if this format {@linkplain #canHold cannot hold} the result
     */
    public static void write(LensResult result, Writer out) throws IOException {
        if (!canHold(result)) {
            throw new IllegalArgumentException(
                    "this result came from V2 JSON, which lacks ids, log-sum-exp and facts of the"
                            + " model; save it as V2 JSON");
        }
        JsonWriter json = new JsonWriter(out);
        ResultColumns columns = ResultColumns.of(result);
        RunJson run = new RunJson(json, columns, result.lenses(), result.info().readPoints());
        ReadingJson cells = new ReadingJson(json, columns);
        json.beginObject();
        run.head();
        cells.readings();
        cells.trajectories();
        if (result.attribution().isPresent()) {
            AttributionJson.write(result.attribution().get(), json);
        }
        run.tail();
        json.endObject();
        json.flush();
    }

    /**
     * Reads a result. Unknown keys are ignored. Does not close the reader.
     *
     * @throws LensFileException if this is not a complete and consistent {@code stratalens/2} file; the message gives
     *     the place
     */
    public static LensResult read(Reader in) throws IOException {
        return NativeJsonReader.read(in).view();
    }

    /** Whether a result has all that this format wants: one that was read from V2 JSON has not. */
    public static boolean canHold(LensResult result) {
        return result.model().vocabularySize().isPresent() && result.selfCheck().isPresent();
    }
}
