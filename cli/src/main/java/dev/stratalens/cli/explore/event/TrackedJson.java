package dev.stratalens.cli.explore.event;

import com.google.gson.stream.JsonWriter;
import dev.stratalens.client.result.LensResult;
import dev.stratalens.client.result.Trajectory;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The trajectories of some positions as an event: for each position how many there are, the ids of all, and the values
 * {@code [id][layer]} of all, as log-probabilities.
 *
 * @param lens index of the lens in the run
 * @param first index of the first position
 * @param layers of the run
 * @param positions the trajectories of each
 */
public record TrackedJson(int lens, int first, int layers, List<List<Trajectory>> positions) {

    /** An event holds about as many numbers; a position is never parted. */
    private static final int ENOUGH = 1 << 16;

    /**
     * The trajectories of a position index and of as many after it as fit.
     *
     * @param firstLens what the first lens of the result is called in its run
     */
    public static TrackedJson from(int first, LensResult result, int firstLens) {
        int lens = firstLens + result.lenses().indexOf(result.lens());
        int layers = result.layers().size();
        List<List<Trajectory>> positions = new ArrayList<>();
        for (int at = first, numbers = 0; at < result.positions().size() && numbers < ENOUGH; at++) {
            List<Trajectory> here = result.trajectories(result.positions().get(at));
            positions.add(here);
            numbers += here.size() * layers;
        }
        return new TrackedJson(lens, first, layers, positions);
    }

    /** Index of the position after the last. */
    public int end() {
        return first + positions.size();
    }

    public void write(VocabularyJson vocabulary, JsonWriter json) throws IOException {
        List<Trajectory> all = positions.stream().flatMap(List::stream).toList();
        Numbers ids = new Numbers(all.size());
        Numbers logProbs = new Numbers(all.size() * layers);
        for (Trajectory trajectory : all) {
            ids.add(trajectory.token().id());
            for (int layer : trajectory.layers()) {
                logProbs.add((float) trajectory.logProbability(layer));
            }
        }
        json.name("lens").value(lens);
        json.name("first").value(first);
        json.name("counts").beginArray();
        for (List<Trajectory> position : positions) {
            json.value(position.size());
        }
        json.endArray();
        vocabulary.write(all.stream().map(Trajectory::token).toList(), json);
        json.name("ids").value(ids.base64());
        json.name("logProbs").value(logProbs.base64());
    }
}
