package dev.stratalens.client.internal.call;

import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A subscription by the rules of Reactive Streams: signals come one after another, items no more than were asked for, and nothing
 * after a cancellation or an end. Items are pulled, from the first request on, by the thread that brings news or asks for more.
 *
 * @param <T> an item
 */
public abstract class PulledSubscription<T> implements Flow.Subscription {

    private final AtomicInteger news = new AtomicInteger();
    private final AtomicLong demand = new AtomicLong();
    private volatile @Nullable IllegalArgumentException illegal;
    private volatile boolean canceled;
    // Used by the delivering thread only; there is one at a time.
    private Flow.@Nullable Subscriber<? super T> subscriber;
    private @Nullable T next;
    private boolean begun;

    /** Returns the next item; null if it has not come yet, or none will come. An exception ends the subscription. */
    protected abstract @Nullable T poll();

    /** Whether no item will come, asked after {@link #poll} gave none. */
    protected abstract boolean hasEnded();

    /** Ends the making of items early. May come from any thread, and more than once. */
    protected abstract void stop();

    /** Begins with the subscriber. */
    public final void start(Flow.Subscriber<? super T> wanted) {
        subscriber = wanted;
        news.set(1); // what is asked for within onSubscribe is delivered after it
        wanted.onSubscribe(this);
        deliverUntilNoNews();
    }

    /** Refuses a subscriber. */
    public static void refuse(Flow.Subscriber<?> subscriber, RuntimeException reason) {
        subscriber.onSubscribe(new Flow.Subscription() {
            @Override
            public void request(long count) {}

            @Override
            public void cancel() {}
        });
        subscriber.onError(reason);
    }

    @Override
    public final void request(long count) {
        if (count < 1) {
            illegal = new IllegalArgumentException(
                    "asked for " + count + " items; rule 3.9 of Reactive Streams wants 1 or more");
        } else {
            demand.accumulateAndGet(count, (one, more) -> one + more < 0 ? Long.MAX_VALUE : one + more);
        }
        signal();
    }

    @Override
    public final void cancel() {
        canceled = true;
        stop();
        signal();
    }

    /** Delivers what is there, unless a thread does already, which then goes on with it. */
    public final void signal() {
        if (news.getAndIncrement() == 0) {
            deliverUntilNoNews();
        }
    }

    private void deliverUntilNoNews() {
        int seen;
        do {
            seen = news.get();
            Flow.Subscriber<? super T> to = subscriber;
            if (to != null && !deliver(to)) {
                subscriber = null;
                next = null;
            }
        } while (news.addAndGet(-seen) != 0);
    }

    /** False if that was the last signal. */
    private boolean deliver(Flow.Subscriber<? super T> to) {
        while (true) {
            if (canceled) {
                return false;
            }
            if (illegal != null) {
                stop();
                to.onError(illegal);
                return false;
            }
            long wanted = demand.get();
            begun |= wanted > 0;
            if (!begun) {
                return true;
            }
            try {
                next = next == null ? poll() : next;
            } catch (RuntimeException e) {
                stop();
                if (!canceled) { // what is made fails when it is stopped
                    to.onError(e);
                }
                return false;
            }
            T item = next;
            if (item == null && hasEnded()) {
                to.onComplete();
                return false;
            }
            if (item == null || wanted == 0) {
                return true;
            }
            next = null;
            if (wanted != Long.MAX_VALUE) {
                demand.decrementAndGet();
            }
            try {
                to.onNext(item);
            } catch (RuntimeException | Error e) {
                canceled = true; // rule 2.13: it has canceled, then
                subscriber = null;
                stop();
                throw e;
            }
        }
    }
}
