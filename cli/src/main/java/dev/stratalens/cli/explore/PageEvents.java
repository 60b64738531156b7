package dev.stratalens.cli.explore;

import com.google.gson.stream.JsonWriter;
import dev.stratalens.cli.explore.event.RowJson;
import dev.stratalens.cli.explore.event.RunEvents;
import dev.stratalens.cli.explore.event.TrackedJson;
import dev.stratalens.cli.explore.event.VocabularyJson;
import dev.stratalens.client.model.Progress;
import dev.stratalens.client.request.Lens;
import dev.stratalens.client.result.LayerResult;
import dev.stratalens.client.result.LensResult;
import dev.stratalens.client.result.ResultInfo;
import java.io.IOException;
import java.util.List;
import java.util.Locale;

/** Sends a run's results to its page, each text of the vocabulary once. By one thread. */
final class PageEvents {

    private final EventStream events;
    private final VocabularyJson vocabulary = new VocabularyJson();

    PageEvents(EventStream events) {
        this.events = events;
    }

    /** What is known of a result before its layers. */
    void head(String event, ResultInfo info) {
        events.send(event, json -> RunEvents.head(info, vocabulary, json));
    }

    /** An event of another kind. */
    void send(String event, EventContents contents) {
        events.send(event, json -> contents.write(vocabulary, json));
    }

    /**
     * A layer.
     *
     * @param positions those that are sent
     * @param firstLens what the first lens of the result is called in this run
     */
    void row(LayerResult layer, List<Integer> positions, int firstLens) {
        events.send("row", json -> RowJson.write(layer, positions, firstLens, vocabulary, json));
    }

    /** All layers of all lenses at some of the last positions, and their trajectories. */
    void cells(LensResult result, List<Integer> positions, int firstLens) {
        for (Lens lens : result.lenses()) {
            LensResult view = result.through(lens);
            view.readPoints().forEach(point -> row(view.at(point), positions, firstLens));
        }
        tracked(result, positions, firstLens);
    }

    /** The trajectories at some of the last positions. */
    void tracked(LensResult result, List<Integer> positions, int firstLens) {
        if (!result.info().hasTrajectories() || positions.isEmpty()) {
            return;
        }
        for (Lens lens : result.lenses()) {
            int at = result.info().positionIndex(positions.get(0));
            while (at < result.positions().size()) {
                TrackedJson some = TrackedJson.from(at, result.through(lens), firstLens);
                events.send("tracked", json -> some.write(vocabulary, json));
                at = some.end();
            }
        }
    }

    void progress(Progress progress) {
        events.send("progress", json -> {
            json.name("phase").value(progress.phase().name().toLowerCase(Locale.ROOT));
            json.name("done").value(progress.done());
            if (progress.total().isPresent()) {
                json.name("total").value(progress.total().getAsLong());
            }
            if (progress.timeLeft().isPresent()) {
                json.name("secondsLeft").value(progress.timeLeft().get().toMillis() / 1e3);
            }
        });
    }

    /** What an event says. */
    interface EventContents {

        void write(VocabularyJson vocabulary, JsonWriter json) throws IOException;
    }
}
