package dev.stratalens.server.scheduling;

import dev.stratalens.server.access.Principal;
import dev.stratalens.server.scheduling.compute.Line;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The requests that wait for one model, in the order of their turns: callers take turns by their weights, and the single requests of
 * one caller take turns with those of its batches. Not thread-safe.
 */
final class WaitingLine {

    private final Line<QueuedRequest> line = new Line.ByTurns<>(
            request -> request.caller().principal(),
            request -> request.caller().grant().quota().weight(),
            () -> new Line.ByTurns<>(QueuedRequest::whenFull, request -> 1, Line.FirstCome::new));
    /** The line as it is now; null once it has changed. */
    private @Nullable List<QueuedRequest> order;

    void add(QueuedRequest request) {
        line.add(request);
        order = null;
    }

    /** A request leaves without its turn; false if it does not wait. */
    boolean remove(QueuedRequest request) {
        order = null;
        return line.remove(request);
    }

    /** Some have their turn, in order. */
    void take(Collection<QueuedRequest> some) {
        some.forEach(line::take);
        order = null;
    }

    int size() {
        return all().size();
    }

    boolean isEmpty() {
        return line.isEmpty();
    }

    /** Those that count against the capacity of the queue. */
    long counted() {
        return all().stream().filter(WaitingLine::counts).count();
    }

    /** Those of one principal that count. */
    long counted(Principal principal) {
        return all().stream()
                .filter(request ->
                        counts(request) && request.caller().principal().equals(principal))
                .count();
    }

    private static boolean counts(QueuedRequest request) {
        return request.whenFull() == WhenFull.REFUSE;
    }

    List<QueuedRequest> all() {
        List<QueuedRequest> known = order;
        if (known == null) {
            known = List.copyOf(line.inOrder());
            order = known;
        }
        return known;
    }

    /** Those that may run now. */
    List<QueuedRequest> runnable() {
        return all().stream().filter(QueuedRequest::isRunnable).toList();
    }

    /** Those whose text was not read yet. */
    List<QueuedRequest> unplanned() {
        return all().stream().filter(request -> !request.isPlanned()).toList();
    }

    /** The first of {@link #unplanned} that passes. */
    Optional<QueuedRequest> firstUnplanned(Predicate<QueuedRequest> wanted) {
        return unplanned().stream().filter(wanted).findFirst();
    }
}
