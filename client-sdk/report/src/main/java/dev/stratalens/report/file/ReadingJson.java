package dev.stratalens.report.file;

import com.google.gson.stream.JsonWriter;
import dev.stratalens.client.internal.result.LayerColumns;
import dev.stratalens.client.internal.result.LensColumns;
import dev.stratalens.client.internal.result.ResultColumns;
import dev.stratalens.client.internal.result.TrackedColumns;
import dev.stratalens.client.request.Statistic;
import dev.stratalens.client.result.ResultInfo;
import java.io.IOException;

/** Writes the cells and trajectories of a result, in the keys of native JSON. */
final class ReadingJson {

    private final JsonWriter json;
    private final ResultColumns result;
    private final ResultInfo info;

    ReadingJson(JsonWriter json, ResultColumns result) {
        this.json = json;
        this.result = result;
        this.info = result.info();
    }

    /** One object for each lens at each read point. */
    void readings() throws IOException {
        json.name("readings").beginArray();
        for (int lens = 0; lens < result.lenses().size(); lens++) {
            for (LayerColumns layer : result.lenses().get(lens).layers()) {
                reading(lens, layer);
            }
        }
        json.endArray();
    }

    private void reading(int lens, LayerColumns layer) throws IOException {
        int k = info.k();
        int targets = info.targets().size();
        json.beginObject();
        json.name("lens").value(lens);
        json.name("read_point").value(info.readPointIndex(layer.readPoint()));
        positions("ids", position -> JsonArrays.range(json, position * k, k, at -> json.value(layer.ids()[at])));
        positions("log_probs", position -> floats(layer.logProbs(), position * k, k));
        json.name("columns").beginObject();
        for (Statistic statistic : info.statistics()) {
            float[] column = layer.column(statistic);
            json.name(statistic.name());
            floats(column, 0, column.length);
        }
        json.endObject();
        positions(
                "ranks",
                position -> JsonArrays.range(json, position * targets, targets, at -> rank(layer.targetRanks()[at])));
        positions("target_log_probs", position -> floats(layer.targetLogProbs(), position * targets, targets));
        json.endObject();
    }

    /** One object for each lens at each position, if there are trajectories. */
    void trajectories() throws IOException {
        if (!info.hasTrajectories()) {
            return;
        }
        json.name("trajectories").beginArray();
        for (int lens = 0; lens < result.lenses().size(); lens++) {
            LensColumns columns = result.lenses().get(lens);
            for (int position = 0; position < info.positions().size(); position++) {
                TrackedColumns tracked = columns.tracked().get(position);
                json.beginObject();
                json.name("lens").value(lens);
                json.name("position").value(info.positions().get(position));
                json.name("ids");
                JsonArrays.range(json, 0, tracked.ids().length, at -> json.value(tracked.ids()[at]));
                json.name("log_probs");
                int points = columns.layers().size();
                JsonArrays.range(
                        json, 0, tracked.ids().length, row -> floats(tracked.logProbs(), row * points, points));
                json.endObject();
            }
        }
        json.endArray();
    }

    private void positions(String name, JsonArrays.IndexWriter cell) throws IOException {
        json.name(name);
        JsonArrays.range(json, 0, info.positions().size(), cell);
    }

    private void rank(int rank) throws IOException {
        if (rank == 0) {
            json.nullValue();
        } else {
            json.value(rank);
        }
    }

    private void floats(float[] values, int offset, int length) throws IOException {
        JsonArrays.range(json, offset, length, at -> JsonNumbers.write(json, values[at]));
    }
}
