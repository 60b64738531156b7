package dev.stratalens.client;

import dev.stratalens.client.error.ErrorCode;
import dev.stratalens.client.error.LensException;
import dev.stratalens.client.internal.argument.PositiveTime;
import dev.stratalens.client.internal.call.BatchExchange;
import dev.stratalens.client.internal.call.PulledSubscription;
import dev.stratalens.client.model.Progress;
import dev.stratalens.client.request.LensRequest;
import io.grpc.CallOptions;
import io.grpc.Channel;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.function.ObjLongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The outcomes of many requests, as they complete: for a loop, or for a subscriber, once. Requests are pulled from their source
 * lazily, on the thread that iterates or that serves the subscriber, and never more than {@link #inFlight} ahead of what was taken:
 * a corpus of any size needs the memory of so many requests and results. Results are received in the background meanwhile, so the
 * reader may take its time. What the requests ask alike is sent once.
 *
 * <p>A request that fails is a {@link BatchOutcome.Failed} and the batch goes on. If the batch itself breaks, the outcomes
 * that came are given first, then comes a {@link LensException} that names the requests without one;
 * {@link #unanswered()} lists them. Nothing is sent a second time.
 *
 * <p>Read by one thread, or by one subscriber, who is called on threads of gRPC and on those that ask for more, one signal after
 * another; {@link #close()} may come from any thread. Use it in try-with-resources: closing before the end cancels what the server
 * computes. A subscriber closes it by canceling. Settings come before the reader, who starts the call.
 */
public final class LensBatch implements Iterable<BatchOutcome>, Flow.Publisher<BatchOutcome>, AutoCloseable {

    private static final String READ = "this batch has been read; start another one";

    private final Channel channel;
    private final BatchWindow window;
    private final Runnable closeSource;
    private @Nullable Duration timeout;
    private @Nullable ObjLongConsumer<Progress> onProgress;
    private volatile @Nullable BatchExchange exchange;
    private volatile boolean closed;

    LensBatch(Channel channel, Iterator<LensRequest> source, Runnable closeSource) {
        this.channel = channel;
        this.window = new BatchWindow(source);
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
        window.size(requests);
        return this;
    }

    /** Gives outcomes in the order of the requests; one that is slow holds back no more than {@link #inFlight} others. */
    public LensBatch inOrder() {
        requireNotStarted();
        window.inOrder();
        return this;
    }

    /** Deadline of the whole batch, counted from its start; none unless set. The client's own does not apply. */
    public LensBatch timeout(Duration duration) {
        requireNotStarted();
        timeout = PositiveTime.require(duration);
        return this;
    }

    /**
     * Sets who is told of the work on requests, each by its place in the source: waiting for a turn or for what the caller's limits
     * allow, loading, computing. Called on the thread that reads, while it waits for an outcome, or where the subscriber is called;
     * who reads slowly hears the newest state only.
     */
    public LensBatch onProgress(ObjLongConsumer<Progress> listener) {
        requireNotStarted();
        onProgress = Objects.requireNonNull(listener, "listener");
        return this;
    }

    /**
     * The outcomes. {@code hasNext} and {@code next} wait for one and throw {@link LensException} if the batch broke; after
     * {@link #close()} there is none.
     *
     * @throws IllegalStateException if the batch has been iterated or subscribed to before
     */
    @Override
    public Iterator<BatchOutcome> iterator() {
        return new Outcomes(start());
    }

    /**
     * Publishes what {@link #iterator} gives. Requests are pulled from their source while the subscriber is served, so the source
     * should not block for long. The second subscriber, and one that comes after an iterator, gets an {@link IllegalStateException}.
     */
    @Override
    public void subscribe(Flow.Subscriber<? super BatchOutcome> subscriber) {
        Objects.requireNonNull(subscriber, "subscriber");
        BatchExchange call;
        try {
            call = start();
        } catch (IllegalStateException e) {
            PulledSubscription.refuse(subscriber, e);
            return;
        }
        Subscription outcomes = new Subscription(call);
        outcomes.start(subscriber);
        call.onArrival(outcomes::signal);
        outcomes.signal();
    }

    /** Indexes of the requests that were pulled and have no outcome, ascending. To be asked by the reader. */
    public List<Long> unanswered() {
        return window.unanswered();
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
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
        }
        BatchExchange begun = exchange;
        if (begun != null) {
            begun.cancel("closed by the client");
        }
        closeSource.run();
    }

    private synchronized BatchExchange start() {
        if (exchange != null) {
            throw new IllegalStateException(READ);
        }
        BatchExchange begun = new BatchExchange(
                channel,
                timeout == null
                        ? CallOptions.DEFAULT
                        : CallOptions.DEFAULT.withDeadlineAfter(timeout.toNanos(), TimeUnit.NANOSECONDS));
        if (onProgress != null) {
            begun.tellProgress();
        }
        exchange = begun;
        if (closed) {
            begun.cancel("closed by the client");
        }
        return begun;
    }

    private void add(BatchExchange.Arrival arrival) {
        if (arrival instanceof BatchExchange.News news && onProgress != null) {
            onProgress.accept(news.state(), news.index());
        } else {
            window.add(arrival);
        }
    }

    private void requireNotStarted() {
        if (exchange != null) {
            throw new IllegalStateException("the batch has started; settings come before its reader");
        }
    }

    private final class Outcomes implements Iterator<BatchOutcome> {
        private final BatchExchange call;
        private @Nullable BatchOutcome next;

        Outcomes(BatchExchange call) {
            this.call = call;
        }

        @Override
        public boolean hasNext() {
            try {
                while (!closed && next == null) {
                    window.fill(call);
                    next = window.next();
                    if (next == null && window.hasEnded()) {
                        return false;
                    }
                    if (next == null && !closed) {
                        add(call.take());
                    }
                }
            } catch (RuntimeException | Error e) {
                close();
                throw e;
            }
            return !closed;
        }

        @Override
        public BatchOutcome next() {
            BatchOutcome outcome = hasNext() ? next : null;
            if (outcome == null) {
                throw new NoSuchElementException("the batch has no further outcome");
            }
            next = null;
            return outcome;
        }
    }

    private final class Subscription extends PulledSubscription<BatchOutcome> {
        private final BatchExchange call;

        Subscription(BatchExchange call) {
            this.call = call;
        }

        @Override
        protected @Nullable BatchOutcome poll() {
            while (true) {
                window.fill(call);
                BatchOutcome outcome = window.next();
                BatchExchange.Arrival arrival = outcome == null && !window.hasEnded() ? call.poll() : null;
                if (arrival == null) {
                    return outcome;
                }
                add(arrival);
            }
        }

        @Override
        protected boolean hasEnded() {
            return window.hasEnded();
        }

        @Override
        protected void stop() {
            close();
        }
    }
}
