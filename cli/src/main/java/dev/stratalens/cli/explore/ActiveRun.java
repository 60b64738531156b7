package dev.stratalens.cli.explore;

import dev.stratalens.cli.explore.event.RowJson;
import dev.stratalens.cli.explore.event.RunEvents;
import dev.stratalens.cli.explore.event.TrackedJson;
import dev.stratalens.cli.explore.event.VocabularyJson;
import dev.stratalens.client.LensClient;
import dev.stratalens.client.LensStream;
import dev.stratalens.client.error.ErrorCode;
import dev.stratalens.client.error.LensException;
import dev.stratalens.client.model.Progress;
import dev.stratalens.client.request.Lens;
import dev.stratalens.client.request.LensRequest;
import dev.stratalens.client.result.LayerResult;
import dev.stratalens.client.result.LensResult;
import dev.stratalens.client.result.ResultInfo;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** One run on its way to the page. One thread runs it; any may cancel. */
final class ActiveRun {

    private final LensClient client;
    private final EventStream events;
    private @Nullable LensStream stream;
    private boolean canceled;

    ActiveRun(LensClient client, EventStream events) {
        this.client = client;
        this.events = events;
    }

    /**
     * Sends the run event by event, all but its end: {@code progress}, {@code run}, {@code row} for each layer,
     * {@code tracked}.
     *
     * @return the complete result
     * @throws LensException if the run fails or is canceled
     * @throws java.io.UncheckedIOException if the reader is gone
     */
    LensResult run(RunForm form) {
        LensRequest request = form.request();
        try (LensStream layers = open(request)) {
            layers.onProgress(this::progress);
            VocabularyJson vocabulary = new VocabularyJson();
            ResultInfo info = layers.info();
            events.send("run", json -> RunEvents.head(info, vocabulary, json));
            for (LayerResult layer : layers) {
                events.send("row", json -> RowJson.write(layer, vocabulary, json));
            }
            LensResult result = layers.result();
            if (info.hasTrajectories()) {
                for (Lens lens : result.lenses()) {
                    sendTracked(result.through(lens), vocabulary);
                }
            }
            return result;
        }
    }

    /** Ends the work on the server. Harmless when repeated. */
    synchronized void cancel() {
        canceled = true;
        if (stream != null) {
            stream.close();
        }
    }

    private synchronized LensStream open(LensRequest request) {
        if (canceled) {
            throw new LensException(ErrorCode.CANCELLED, "The run was canceled before it began.");
        }
        LensStream opened = client.stream(request);
        stream = opened;
        return opened;
    }

    private void sendTracked(LensResult result, VocabularyJson vocabulary) {
        for (int position = 0; position < result.positions().size(); ) {
            TrackedJson some = TrackedJson.from(position, result);
            events.send("tracked", json -> some.write(vocabulary, json));
            position = some.end();
        }
    }

    private void progress(Progress progress) {
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
}
