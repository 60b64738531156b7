package dev.stratalens.client;

import dev.stratalens.client.error.ErrorCode;
import dev.stratalens.client.error.ErrorDetail;
import dev.stratalens.client.error.LensException;
import dev.stratalens.client.internal.call.BatchExchange;
import dev.stratalens.client.request.LensRequest;
import dev.stratalens.client.result.LensResult;
import io.grpc.CallOptions;
import io.grpc.Channel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The outcomes of many requests, as they complete. Requests are pulled from their source lazily, on the thread that
 * iterates, and never more than {@link #inFlight} ahead of what that thread has taken: a corpus of any size needs the
 * memory of so many requests and results. Results are received in the background meanwhile, so the iterating thread may
 * take its time. What the requests ask alike is sent once.
 *
 * <p>A request that fails is a {@link BatchOutcome.Failed} and the batch goes on. If the batch itself breaks, the outcomes
 * that came are given first, then {@code hasNext} throws a {@link LensException} that names the requests without one;
 * {@link #unanswered()} lists them. Nothing is sent a second time.
 *
 * <p>Single use, by one thread; {@link #close()} may come from any. Use it in try-with-resources: closing before the end
 * cancels what runs on the server. Settings come before {@link #iterator}, which starts the call.
 */
public final class LensBatch implements Iterable<BatchOutcome>, AutoCloseable {

    private static final int NAMED_INDEXES = 20;
    private static final int DEFAULT_IN_FLIGHT = 16;

    private final Channel channel;
    private final Iterator<LensRequest> source;
    private final Runnable closeSource;
    private int window = DEFAULT_IN_FLIGHT;
    private boolean windowSet;
    private boolean ordered;
    private @Nullable Duration timeout;

    private final Map<Long, LensRequest> pending = new HashMap<>();
    private final TreeMap<Long, BatchOutcome> ready = new TreeMap<>();
    private volatile @Nullable BatchExchange exchange;
    private volatile boolean closed;
    private long pulled;
    private long given;
    private boolean exhausted;
    private boolean ended;
    private @Nullable LensException failure;

    LensBatch(Channel channel, Iterator<LensRequest> source, Runnable closeSource) {
        this.channel = channel;
        this.source = source;
        this.closeSource = closeSource;
    }

    /**
     * Requests that may be pulled and whose outcome has not been taken; 16 unless set, or as many as the server says that it
     * works on, if that is more. More lets the server pack more short prompts together; so many results may be held in memory,
     * so give fewer for long prompts.
     */
    public LensBatch inFlight(int requests) {
        requireNotStarted();
        if (requests < 1) {
            throw new IllegalArgumentException("inFlight " + requests + " is below 1");
        }
        window = requests;
        windowSet = true;
        return this;
    }

    /** Gives outcomes in the order of the requests; one that is slow holds back no more than {@link #inFlight} others. */
    public LensBatch inOrder() {
        requireNotStarted();
        ordered = true;
        return this;
    }

    /** Deadline of the whole batch, counted from its start; none unless set. The client's own does not apply. */
    public LensBatch timeout(Duration duration) {
        requireNotStarted();
        timeout = LensRequest.requirePositive(duration);
        return this;
    }

    /**
     * The outcomes. {@code hasNext} and {@code next} wait for one and throw {@link LensException} if the batch broke; after
     * {@link #close()} there is none.
     *
     * @throws IllegalStateException the second time
     */
    @Override
    public Iterator<BatchOutcome> iterator() {
        if (exchange != null) {
            throw new IllegalStateException("this batch has been read; start another one");
        }
        BatchExchange begun = new BatchExchange(
                channel,
                timeout == null
                        ? CallOptions.DEFAULT
                        : CallOptions.DEFAULT.withDeadlineAfter(timeout.toNanos(), TimeUnit.NANOSECONDS));
        exchange = begun;
        if (closed) {
            begun.cancel("closed by the client");
        }
        return new Outcomes(begun);
    }

    /** Indexes of the requests that were pulled and have no outcome, ascending. To be asked by the iterating thread. */
    public List<Long> unanswered() {
        return pending.keySet().stream().sorted().toList();
    }

    /**
     * Stops the work on one request: its outcome is a failure with {@link ErrorCode#CANCELLED}, unless it was complete. Does
     * nothing where it has been answered, or once all requests were sent. May come from any thread.
     *
     * @param index place of the request in the source
     */
    public void cancel(long index) {
        BatchExchange begun = exchange;
        if (begun != null) {
            begun.cancel(index);
        }
    }

    /** Cancels what has not ended, and closes a stream of requests. Harmless when repeated. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        BatchExchange begun = exchange;
        if (begun != null) {
            begun.cancel("closed by the client");
        }
        closeSource.run();
    }

    private boolean isNextReady() {
        // Once it has ended, what waits behind a gap is given all the same: it was answered.
        return !ready.isEmpty() && (!ordered || ended || ready.firstKey() == given);
    }

    /** Pulls and sends as much as may be in flight. */
    private void fill(BatchExchange call) {
        while (!exhausted && !closed && pulled - given < window(call)) {
            if (!source.hasNext()) {
                exhausted = true;
                call.halfClose();
                return;
            }
            LensRequest request = source.next();
            long index = pulled++;
            if (request.timeout().isPresent()) {
                ready.put(index, new BatchOutcome.Failed(index, request, ownTimeout()));
            } else {
                pending.put(index, request);
                call.send(index, request);
            }
        }
    }

    private int window(BatchExchange call) {
        return windowSet ? window : Math.max(window, call.window());
    }

    private void receive(BatchExchange call) {
        if (isNextReady() || closed) {
            return;
        }
        BatchExchange.Arrival arrival = call.take();
        if (arrival instanceof BatchExchange.Answer answer) {
            LensRequest request = pending.remove(answer.index());
            if (request == null) {
                throw new IllegalStateException("answered twice: " + answer.index());
            }
            ready.put(answer.index(), outcome(answer, request));
        } else if (arrival instanceof BatchExchange.End end) {
            ended = true;
            failure = end.failure();
        }
    }

    private static BatchOutcome outcome(BatchExchange.Answer answer, LensRequest request) {
        return answer.columns() != null
                ? new BatchOutcome.Completed(answer.index(), request, new LensResult(answer.columns()))
                : new BatchOutcome.Failed(answer.index(), request, Objects.requireNonNull(answer.failure()));
    }

    /** False if the batch ended well. */
    private boolean endOrThrow() {
        boolean complete = exhausted && pending.isEmpty();
        if (failure == null && complete) {
            return false;
        }
        ErrorCode code = failure == null ? ErrorCode.BROKEN_STREAM : failure.code();
        String reason = failure == null ? "The server ended the batch early." : String.valueOf(failure.getMessage());
        ErrorDetail detail = failure == null ? null : failure.detail().orElse(null);
        throw new LensException(code, reason + " " + unansweredInWords(), detail, failure);
    }

    private String unansweredInWords() {
        List<Long> indexes = unanswered();
        String named =
                indexes.stream().limit(NAMED_INDEXES).map(String::valueOf).collect(Collectors.joining(", "));
        List<String> words = new ArrayList<>();
        if (!indexes.isEmpty()) {
            int more = indexes.size() - Math.min(indexes.size(), NAMED_INDEXES);
            words.add("No result for the requests with index " + named + (more > 0 ? " and " + more + " more" : ""));
        }
        if (!exhausted) {
            words.add("those from index " + pulled + " on were not sent");
        }
        return words.isEmpty() ? "Every request was answered." : String.join("; ", words) + ".";
    }

    private static LensException ownTimeout() {
        return new LensException(
                ErrorCode.INVALID_REQUEST,
                "The request has a timeout of its own, and the deadline of a batch is that of all its requests; "
                        + "leave the request's out, or set the batch's.");
    }

    private void requireNotStarted() {
        if (exchange != null) {
            throw new IllegalStateException("the batch has started; settings come before its iterator");
        }
    }

    private final class Outcomes implements Iterator<BatchOutcome> {
        private final BatchExchange call;

        Outcomes(BatchExchange call) {
            this.call = call;
        }

        @Override
        public boolean hasNext() {
            while (!closed && !isNextReady()) {
                if (ended) {
                    return endOrThrow();
                }
                try {
                    fill(call);
                    receive(call);
                } catch (RuntimeException | Error e) {
                    close();
                    throw e;
                }
            }
            return !closed;
        }

        @Override
        public BatchOutcome next() {
            Map.Entry<Long, BatchOutcome> first = hasNext() ? ready.pollFirstEntry() : null;
            if (first == null) {
                throw new NoSuchElementException("the batch has no further outcome");
            }
            given++;
            return first.getValue();
        }
    }
}
