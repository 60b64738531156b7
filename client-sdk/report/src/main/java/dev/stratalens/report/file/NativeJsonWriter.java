package dev.stratalens.report.file;

import com.google.gson.stream.JsonWriter;
import dev.stratalens.client.result.ResultColumns;
import dev.stratalens.client.result.TargetInfo;
import java.io.IOException;
import java.io.Writer;

/** Writes {@code stratalens/2}. */
public final class NativeJsonWriter {

    private NativeJsonWriter() {}

    /** Writes a result; flushes, does not close. */
    public static void write(ResultColumns result, Writer out) throws IOException {
        JsonWriter json = new JsonWriter(out);
        RunJson run = new RunJson(json, result, result.info().lenses());
        ReadingJson cells = new ReadingJson(json, result);
        json.beginObject();
        run.head();
        json.name("targets").beginArray();
        for (TargetInfo target : result.info().targets()) {
            run.target(target);
        }
        json.endArray();
        run.finalTop();
        cells.readings();
        cells.trajectories();
        run.tail();
        json.endObject();
        json.flush();
    }
}
