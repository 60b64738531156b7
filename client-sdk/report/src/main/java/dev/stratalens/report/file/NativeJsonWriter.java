package dev.stratalens.report.file;

import com.google.gson.stream.JsonWriter;
import dev.stratalens.client.request.Statistic;
import dev.stratalens.client.result.LayerColumns;
import dev.stratalens.client.result.ResultColumns;
import dev.stratalens.client.result.RunInfo;
import dev.stratalens.client.result.TrackedColumns;
import java.io.IOException;
import java.io.Writer;

/** Writes {@code stratalens/1}. */
public final class NativeJsonWriter {

    private final JsonWriter json;
    private final ResultColumns result;
    private final RunInfo info;
    private final RunJson run;

    private NativeJsonWriter(ResultColumns result, Writer out) {
        this.json = new JsonWriter(out);
        this.result = result;
        this.info = result.info();
        this.run = new RunJson(json, result);
    }

    /** Writes a result; flushes, does not close. */
    public static void write(ResultColumns result, Writer out) throws IOException {
        new NativeJsonWriter(result, out).write();
    }

    private void write() throws IOException {
        json.beginObject();
        run.head();
        topK();
        statistics();
        run.finalTop();
        targets();
        tracked();
        run.tail();
        json.endObject();
        json.flush();
    }

    private void topK() throws IOException {
        int k = info.k();
        json.name("top_k").beginObject();
        json.name("k").value(k);
        layerGrid("ids", (layer, position) -> ints(layer.ids(), position * k, k));
        layerGrid("log_probs", (layer, position) -> floats(layer.logProbs(), position * k, k));
        json.endObject();
    }

    private void statistics() throws IOException {
        json.name("stats").beginObject();
        for (Statistic statistic : info.statistics()) {
            layerGrid(
                    RunJson.key(statistic),
                    (layer, position) -> JsonNumbers.write(json, layer.column(statistic)[position]));
        }
        json.endObject();
    }

    private void targets() throws IOException {
        int count = info.targets().size();
        json.name("targets").beginArray();
        for (int m = 0; m < count; m++) {
            int target = m;
            json.beginObject();
            run.target(info.targets().get(target));
            layerGrid("rank", (layer, position) -> {
                int rank = layer.targetRanks()[position * count + target];
                if (rank == 0) {
                    json.nullValue();
                } else {
                    json.value(rank);
                }
            });
            layerGrid(
                    "log_prob",
                    (layer, position) -> JsonNumbers.write(json, layer.targetLogProbs()[position * count + target]));
            json.endObject();
        }
        json.endArray();
    }

    private void tracked() throws IOException {
        if (!info.hasTrajectories()) {
            return;
        }
        run.trackedEncoding();
        json.name("tracked").beginArray();
        for (TrackedColumns position : result.tracked()) {
            json.beginObject();
            json.name("ids");
            ints(position.ids(), 0, position.ids().length);
            json.name("log_probs").beginArray();
            for (int layer = 0; layer < info.layers().size(); layer++) {
                trackedRow(position, layer);
            }
            json.endArray();
            json.endObject();
        }
        json.endArray();
    }

    private void trackedRow(TrackedColumns position, int layer) throws IOException {
        json.beginArray();
        for (int token = 0; token < position.ids().length; token++) {
            int at = token * info.layers().size() + layer;
            JsonNumbers.write(json, position.logProbs()[at]);
        }
        json.endArray();
    }

    private interface CellWriter {
        void write(LayerColumns layer, int position) throws IOException;
    }

    private void layerGrid(String name, CellWriter cell) throws IOException {
        json.name(name).beginArray();
        for (LayerColumns layer : result.layers()) {
            json.beginArray();
            for (int position = 0; position < info.positions().size(); position++) {
                cell.write(layer, position);
            }
            json.endArray();
        }
        json.endArray();
    }

    private void ints(int[] values, int offset, int length) throws IOException {
        json.beginArray();
        for (int i = offset; i < offset + length; i++) {
            json.value(values[i]);
        }
        json.endArray();
    }

    private void floats(float[] values, int offset, int length) throws IOException {
        json.beginArray();
        for (int i = offset; i < offset + length; i++) {
            JsonNumbers.write(json, values[i]);
        }
        json.endArray();
    }
}
