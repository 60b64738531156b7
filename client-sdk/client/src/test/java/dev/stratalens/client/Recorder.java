package dev.stratalens.client;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A subscriber that writes down what it is told. */
final class Recorder<T> implements Flow.Subscriber<T> {

    private final long atFirst;
    private final BlockingQueue<T> items = new LinkedBlockingQueue<>();
    private final CompletableFuture<Void> end = new CompletableFuture<>();
    private final CompletableFuture<Flow.Subscription> subscription = new CompletableFuture<>();

    /** Asks for so many at first; 0 = none. */
    Recorder(long atFirst) {
        this.atFirst = atFirst;
    }

    /** A recorder of all that a publisher has. */
    static <T> Recorder<T> ofAll(Flow.Publisher<T> publisher) {
        return of(publisher, Long.MAX_VALUE);
    }

    static <T> Recorder<T> of(Flow.Publisher<T> publisher, long atFirst) {
        Recorder<T> recorder = new Recorder<>(atFirst);
        publisher.subscribe(recorder);
        return recorder;
    }

    Flow.Subscription subscription() {
        return subscription.join();
    }

    /** The next item; waits for it as long as tests do. */
    @Nullable
    T next() throws InterruptedException {
        return items.poll(10, TimeUnit.SECONDS);
    }

    /** All that came, once it is over; fails with what ended it. */
    List<T> all() {
        end.orTimeout(30, TimeUnit.SECONDS).join();
        return new ArrayList<>(items);
    }

    /** What ended it. */
    CompletableFuture<Void> end() {
        return end;
    }

    /** How many came that were not taken. */
    int waiting() {
        return items.size();
    }

    @Override
    public void onSubscribe(Flow.Subscription given) {
        subscription.complete(given);
        if (atFirst > 0) {
            given.request(atFirst);
        }
    }

    @Override
    public void onNext(T item) {
        items.add(item);
    }

    @Override
    public void onError(Throwable failure) {
        end.completeExceptionally(failure);
    }

    @Override
    public void onComplete() {
        end.complete(null);
    }
}
