package dev.stratalens.cli.explore;

import com.google.gson.stream.JsonWriter;
import com.sun.net.httpserver.HttpExchange;
import dev.stratalens.cli.explore.form.RunForm;
import dev.stratalens.client.LensClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** The runs of all tabs. A run lives as long as the request that asked for it; a reader that is gone cancels it. */
final class ActiveRuns implements AutoCloseable {

    /** Runs at once; each holds a thread. */
    static final int LIMIT = 16;

    /** Two beats show a reader that is gone: the first is answered with a reset, which the second meets. */
    private static final long BEAT_MILLIS = 250;

    private final LensClient client;
    private final KeptResults kept;
    private final Optional<RunFolder> folder;
    private final Map<String, ActiveRun> runs = new ConcurrentHashMap<>();
    private final Semaphore places = new Semaphore(LIMIT);
    private final AtomicLong count = new AtomicLong();

    /** A thread for each run, as a beat may wait for a reader that is only slow. */
    private final ScheduledExecutorService heart =
            Executors.newScheduledThreadPool(LIMIT, Explorer.daemons("stratalens-explore-beat"));

    ActiveRuns(LensClient client, KeptResults kept, Optional<RunFolder> folder) {
        this.client = client;
        this.kept = kept;
        this.folder = folder;
    }

    /**
     * Answers with the events of a run: {@code started}, those of {@link ActiveRun}, and {@code done} or {@code error}.
     *
     * @throws BadRequest if too many run
     */
    void run(RunForm form, HttpExchange exchange) throws IOException {
        if (!places.tryAcquire()) {
            throw new BadRequest(429, "%d runs are under way; wait for one, or cancel one.".formatted(LIMIT));
        }
        String id = Long.toString(count.incrementAndGet());
        try (EventStream events = EventStream.answering(exchange)) {
            run(id, form, events);
        } catch (UncheckedIOException e) {
            // the reader is gone, and with it everybody who would want to know
        } finally {
            runs.remove(id);
            places.release();
        }
    }

    private void run(String id, RunForm form, EventStream events) {
        ActiveRun run = new ActiveRun(client, events);
        runs.put(id, run);
        ScheduledFuture<?> beats = heart.scheduleWithFixedDelay(
                () -> {
                    if (!events.beat()) {
                        run.cancel();
                    }
                },
                BEAT_MILLIS,
                BEAT_MILLIS,
                TimeUnit.MILLISECONDS);
        try {
            events.send("started", json -> json.name("id").value(id));
            RunEnd end = run.run(form);
            kept.keep(id, end);
            KeptFile file = form.change() == null ? file(end) : KeptFile.NONE;
            events.send("done", json -> {
                end.write(json);
                file.write(json);
            });
        } catch (UncheckedIOException e) {
            throw e;
        } catch (RuntimeException e) {
            events.send("error", Failure.of(e)::write);
        } finally {
            beats.cancel(false);
        }
    }

    /**
     * Puts a changed pass into the folder, and tells what became of its file. Its page asks for this, as it alone knows whether
     * the reader has moved on to another change.
     *
     * @throws BadRequest if the run is no longer kept
     */
    Answer keepFile(String id) throws IOException {
        return Answer.json(file(kept.find(id).orElseThrow(Saves::gone))::write);
    }

    /** Whether a result is in the folder; without one it stays in the page alone. */
    private KeptFile file(RunEnd end) {
        if (folder.isEmpty()) {
            return KeptFile.NONE;
        }
        try {
            return new KeptFile(folder.get().keep(end), null);
        } catch (IOException e) {
            return new KeptFile(
                    null,
                    "The run could not be kept in %s: %s."
                            .formatted(folder.get().path(), e));
        }
    }

    /**
     * What became of the file of a run.
     *
     * @param id the run's in the folder
     * @param trouble why it has none
     */
    private record KeptFile(@Nullable String id, @Nullable String trouble) {

        static final KeptFile NONE = new KeptFile(null, null);

        void write(JsonWriter json) throws IOException {
            if (id != null) {
                json.name("kept").value(id);
            }
            if (trouble != null) {
                json.name("notKept").value(trouble);
            }
        }
    }

    /** Cancels a run; one that has ended stays as it is. */
    void cancel(String id) {
        ActiveRun run = runs.get(id);
        if (run != null) {
            run.cancel();
        }
    }

    @Override
    public void close() {
        heart.shutdownNow();
        runs.values().forEach(ActiveRun::cancel);
    }
}
