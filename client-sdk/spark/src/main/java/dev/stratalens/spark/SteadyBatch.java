package dev.stratalens.spark;

import dev.stratalens.cli.batch.BatchPrompt;
import dev.stratalens.cli.batch.BatchRequests;
import dev.stratalens.cli.batch.BatchRun;
import dev.stratalens.cli.batch.Fingerprints;
import dev.stratalens.cli.failure.CliException;
import dev.stratalens.client.BatchOutcome;
import dev.stratalens.client.LensBatch;
import dev.stratalens.client.error.ErrorCode;
import dev.stratalens.client.error.LensException;
import dev.stratalens.client.error.UnpairedSurrogateException;
import dev.stratalens.client.request.LensRequest;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The answers to texts, each once, in any order, from whichever servers there are. Texts are read as answers come. If a server goes
 * away, the texts that it has not answered are asked for again. Not thread-safe, but for {@link #close}.
 */
final class SteadyBatch implements Iterator<LensAnswer>, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(SteadyBatch.class);

    /**
     * What a task asks for, and how.
     *
     * @param sources who answers
     * @param options what is asked, how many texts at once, and how patiently
     * @param model what the sources must say of their model, so that all rows are of one
     * @param partition number of the task, by which tasks begin with different servers
     * @param repeated is told how many texts are asked for again
     */
    record Task(SharedSources sources, SparkLensOptions options, String model, int partition, IntConsumer repeated) {}

    private final Iterator<TextRow> texts;
    private final Task task;
    private final Patience patience;
    private final Deque<TextRow> again = new ArrayDeque<>();
    private @Nullable LensAnswer next;
    private volatile @Nullable Call call;
    private volatile boolean closed;

    SteadyBatch(Iterator<TextRow> texts, Task task) {
        this.texts = texts;
        this.task = task;
        this.patience = new Patience(task.options().patience());
    }

    @Override
    public boolean hasNext() {
        while (next == null && !closed && (call != null || !again.isEmpty() || texts.hasNext())) {
            Call current = call;
            if (current == null) {
                current = begin();
                call = current;
            }
            next = current.answer();
            if (next == null) {
                current.close();
                call = null;
            }
        }
        return next != null;
    }

    @Override
    public LensAnswer next() {
        if (!hasNext() || next == null) {
            throw new NoSuchElementException("all texts are answered");
        }
        LensAnswer answer = next;
        next = null;
        return answer;
    }

    private Call begin() {
        try {
            SharedSource.Lease lease = task.sources().take(task.partition(), patience);
            String model = LensFacts.model(task.options(), lease.facts());
            if (!model.equals(task.model())) {
                lease.close();
                throw new IllegalStateException(
                        "the servers have different models, and a table has rows of one: %s and %s. Serve the same files with the same arithmetic, or name other servers."
                                .formatted(task.model(), model));
            }
            return new Call(lease);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("the task was ended while it waited for a server", e);
        }
    }

    /** Ends the work of the server. May come from any thread. */
    @Override
    public void close() {
        closed = true;
        Call current = call;
        if (current != null) {
            current.close();
        }
    }

    /** A text at a server. */
    private record Sent(TextRow row, String fingerprint) {}

    /** A batch at one source, from its beginning to its end, or to the moment at which the source goes away. */
    private final class Call implements Iterator<LensRequest>, AutoCloseable {
        private final SharedSource.Lease lease;
        private final BatchRequests requests;
        private final Fingerprints fingerprints;
        private final LensBatch batch;
        private final Iterator<BatchOutcome> outcomes;
        private final TreeMap<Long, Sent> inFlight = new TreeMap<>();
        private final Deque<LensAnswer> refused = new ArrayDeque<>();
        private final AtomicBoolean isClosed = new AtomicBoolean();
        private @Nullable LensRequest request;
        private long index;
        private boolean over;

        Call(SharedSource.Lease lease) {
            this.lease = lease;
            this.requests = new BatchRequests(lease.client(), lease.facts());
            this.fingerprints = new Fingerprints(lease.facts());
            this.batch = lease.client()
                    .analyzeAll((Iterable<LensRequest>) () -> this)
                    .inFlight(task.options().inFlight.number);
            this.outcomes = batch.iterator();
        }

        /** The next answer; null if there is none here. */
        @Nullable
        LensAnswer answer() {
            if (!refused.isEmpty() || over) {
                return refused.poll();
            }
            try {
                if (outcomes.hasNext()) {
                    LensAnswer answer = answer(outcomes.next());
                    patience.renew();
                    lease.answered();
                    return answer;
                }
            } catch (LensException e) {
                giveUp(e);
            }
            over = true;
            return refused.poll();
        }

        private LensAnswer answer(BatchOutcome outcome) {
            Sent sent = Objects.requireNonNull(inFlight.get(outcome.index()));
            LensAnswer answer;
            if (outcome instanceof BatchOutcome.Failed failed) {
                LensException failure = failed.failure();
                if (failure.isRetryable() || !BatchRun.isOfThePrompt(failure.code())) {
                    throw failure; // still in flight
                }
                answer =
                        LensAnswer.failed(sent.row(), sent.fingerprint(), failure.code() + ": " + failure.getMessage());
            } else {
                answer = LensAnswer.of(sent.row(), sent.fingerprint(), outcome.result());
            }
            inFlight.remove(outcome.index());
            return answer;
        }

        /** Leaves what has no answer to the next call. */
        private void giveUp(LensException failure) {
            if (closed) {
                return;
            }
            patience.bear(failure);
            lease.failed();
            LOG.warn(
                    "{} texts are asked for again, because a server went away: {}",
                    inFlight.size(),
                    failure.getMessage());
            inFlight.values().forEach(sent -> again.add(sent.row()));
            task.repeated().accept(inFlight.size());
            inFlight.clear();
        }

        @Override
        public boolean hasNext() {
            while (request == null && (!again.isEmpty() || texts.hasNext())) {
                TextRow row = again.poll();
                request = request(row == null ? texts.next() : row);
            }
            return request != null;
        }

        /** The request of a text; null if it cannot be asked for. */
        private @Nullable LensRequest request(TextRow row) {
            try {
                BatchPrompt prompt = row.prompt(task.options().settings());
                LensRequest asked = requests.of(prompt);
                inFlight.put(index, new Sent(row, fingerprints.of(prompt)));
                return asked;
            } catch (CliException | UnpairedSurrogateException e) {
                refused.add(LensAnswer.failed(row, "", ErrorCode.INVALID_REQUEST + ": " + e.getMessage()));
                return null;
            }
        }

        @Override
        public LensRequest next() {
            if (!hasNext() || request == null) {
                throw new NoSuchElementException("no further text");
            }
            LensRequest asked = request;
            request = null;
            index++;
            return asked;
        }

        @Override
        public void close() {
            if (isClosed.compareAndSet(false, true)) {
                batch.close();
                lease.close();
            }
        }
    }
}
