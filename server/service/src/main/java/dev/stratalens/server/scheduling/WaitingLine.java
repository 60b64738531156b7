package dev.stratalens.server.scheduling;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** The requests that wait for one model, in the order of their turns. Not thread-safe. */
final class WaitingLine {

    private final List<QueuedRequest> requests = new ArrayList<>();

    /**
     * Adds a request last, except that one that can be refused waits for no more than one that cannot before its turn, and
     * for one between it and the next of its kind: a batch neither holds up single callers nor starves behind them.
     */
    void add(QueuedRequest request) {
        requests.add(place(request), request);
    }

    private int place(QueuedRequest request) {
        if (request.whenFull() == WhenFull.WAIT) {
            return requests.size();
        }
        int last = requests.size() - 1;
        while (last >= 0 && requests.get(last).whenFull() == WhenFull.WAIT) {
            last--;
        }
        return Math.min(last + 2, requests.size());
    }

    boolean remove(QueuedRequest request) {
        return requests.remove(request);
    }

    void removeAll(Collection<QueuedRequest> some) {
        requests.removeAll(some);
    }

    int size() {
        return requests.size();
    }

    boolean isEmpty() {
        return requests.isEmpty();
    }

    /** Those that count against the capacity of the queue. */
    long counted() {
        return requests.stream()
                .filter(request -> request.whenFull() == WhenFull.REFUSE)
                .count();
    }

    List<QueuedRequest> all() {
        return List.copyOf(requests);
    }

    /** Those that may run now. */
    List<QueuedRequest> runnable() {
        return requests.stream().filter(QueuedRequest::isRunnable).toList();
    }

    /** Those whose text was not read yet. */
    List<QueuedRequest> unplanned() {
        return requests.stream().filter(request -> !request.isPlanned()).toList();
    }

    /** The first of {@link #unplanned} that passes. */
    Optional<QueuedRequest> firstUnplanned(Predicate<QueuedRequest> wanted) {
        return unplanned().stream().filter(wanted).findFirst();
    }
}
