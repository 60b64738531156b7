package dev.stratalens.client.internal.call;

import dev.stratalens.client.error.ErrorCode;
import dev.stratalens.client.error.LensException;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * An answer that is pulled response by response until its result is there. A failure comes again each time that more is read. Read by
 * one thread at a time; {@link #close} may come from any.
 *
 * @param <M> response
 * @param <R> result
 */
public final class PulledAnswer<M, R> implements AutoCloseable {

    private final ResponseQueue<M> responses;
    private final Consumer<M> take;
    private final Supplier<R> finish;
    private volatile @Nullable R result;
    private volatile @Nullable LensException failure;
    private volatile boolean closed;

    /**
     * An answer of which nothing was read.
     *
     * @param take takes a response, or refuses it
     * @param finish gives the result at the end of the stream, or says what it lacks
     */
    public PulledAnswer(ResponseQueue<M> responses, Consumer<M> take, Supplier<R> finish) {
        this.responses = responses;
        this.take = take;
        this.finish = finish;
    }

    /** The result, once it is there. */
    public @Nullable R result() {
        return result;
    }

    /** Waits for the next response, or for the end, and takes it. Must not be called after the end. */
    public void read() {
        var unused = read(responses::next);
    }

    /** Takes the next response, or the end; false if neither is there. Must not be called after the end. */
    public boolean poll() {
        return read(responses::poll);
    }

    /** Reads until something is known. */
    public <T> T readUntil(Supplier<@Nullable T> known) {
        T value = known.get();
        while (value == null) {
            read();
            value = known.get();
        }
        return value;
    }

    /**
     * What comes, each as soon as it is there. After {@link #close} there is no next one.
     *
     * @param next gives what has come and was not given yet
     * @param noun what that is, for a message
     */
    public <T> Iterator<T> items(Supplier<@Nullable T> next, String noun) {
        return new Items<>(next, noun);
    }

    /** Sets who is told that something has come. */
    public void onArrival(Runnable listener) {
        responses.onArrival(listener);
    }

    /** Cancels the call if it has not ended. Harmless when repeated. */
    @Override
    public void close() {
        closed = true;
        responses.cancel("closed by the client");
    }

    private boolean read(Supplier<@Nullable M> next) {
        LensException before = failure;
        if (before != null) {
            throw CallFailure.again(before);
        }
        if (closed) {
            throw new LensException(ErrorCode.CANCELLED, "The stream was closed before its end.");
        }
        try {
            M response = next.get();
            if (response != null) {
                take.accept(response);
            } else if (responses.hasEnded()) {
                result = finish.get();
            } else {
                return false;
            }
            return true;
        } catch (LensException e) {
            failure = e;
            responses.cancel("the answer was refused");
            throw e;
        }
    }

    private final class Items<T> implements Iterator<T> {

        private final Supplier<@Nullable T> source;
        private final String noun;
        private @Nullable T next;

        private Items(Supplier<@Nullable T> source, String noun) {
            this.source = source;
            this.noun = noun;
        }

        @Override
        public boolean hasNext() {
            next = next == null ? source.get() : next;
            while (!closed && next == null && result == null) {
                try {
                    read();
                } catch (LensException e) {
                    if (!closed) {
                        throw e;
                    }
                }
                next = source.get();
            }
            return !closed && next != null;
        }

        @Override
        public T next() {
            T item = hasNext() ? next : null;
            if (item == null) {
                throw new NoSuchElementException("the stream has no further " + noun);
            }
            next = null;
            return item;
        }
    }
}
