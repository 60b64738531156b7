package dev.stratalens.report.file;

import com.google.gson.stream.JsonWriter;
import dev.stratalens.client.request.Statistic;
import dev.stratalens.client.result.LayerColumns;
import dev.stratalens.client.result.LensColumns;
import dev.stratalens.client.result.ResultColumns;
import dev.stratalens.client.result.RunInfo;
import dev.stratalens.client.result.TrackedColumns;
import java.io.IOException;

/** Writes a result's tables of cells and its trajectories, in the keys of native JSON. */
final class ReadingJson {

    private final JsonWriter json;
    private final ResultColumns result;
    private final RunInfo info;

    ReadingJson(JsonWriter json, ResultColumns result) {
        this.json = json;
        this.result = result;
        this.info = result.info();
    }

    /** One object for each lens at each read point. */
    void readings() throws IOException {
        json.name("readings").beginArray();
        for (int lens = 0; lens < result.lenses().size(); lens++) {
            for (int point = 0; point < info.readPoints().size(); point++) {
                reading(lens, point);
            }
        }
        json.endArray();
    }

    private void reading(int lens, int point) throws IOException {
        LayerColumns layer = result.lenses().get(lens).layers().get(point);
        int k = info.k();
        int targets = info.targets().size();
        json.beginObject();
        json.name("lens").value(lens);
        json.name("read_point").value(point);
        positions("ids", position -> ints(layer.ids(), position * k, k));
        positions("log_probs", position -> floats(layer.logProbs(), position * k, k));
        json.name("columns").beginObject();
        for (Statistic statistic : info.statistics()) {
            float[] column = layer.column(statistic);
            json.name(statistic.name());
            floats(column, 0, column.length);
        }
        json.endObject();
        positions("ranks", position -> ranks(layer.targetRanks(), position * targets, targets));
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
                ints(tracked.ids(), 0, tracked.ids().length);
                json.name("log_probs").beginArray();
                int points = info.readPoints().size();
                for (int token = 0; token < tracked.ids().length; token++) {
                    floats(tracked.logProbs(), token * points, points);
                }
                json.endArray();
                json.endObject();
            }
        }
        json.endArray();
    }

    private interface CellWriter {
        void write(int position) throws IOException;
    }

    private void positions(String name, CellWriter cell) throws IOException {
        json.name(name).beginArray();
        for (int position = 0; position < info.positions().size(); position++) {
            cell.write(position);
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

    private void ranks(int[] values, int offset, int length) throws IOException {
        json.beginArray();
        for (int i = offset; i < offset + length; i++) {
            if (values[i] == 0) {
                json.nullValue();
            } else {
                json.value(values[i]);
            }
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
