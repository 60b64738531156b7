package dev.stratalens.server.scheduling;

import dev.stratalens.server.access.Caller;
import dev.stratalens.server.error.QueueFullException;
import dev.stratalens.server.error.QuotaExceededException;
import dev.stratalens.server.error.QuotaExceededException.Limit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The requests of one model: those that wait, those in its passes, and those of these that have not ended. Not thread-safe. */
final class ModelRequests {

    private final int capacity;
    private final StateRoom stateRoom;
    private final WaitingLine waiting = new WaitingLine();
    /** Of the pass, and of one within it. */
    private final List<QueuedRequest> inPass = new ArrayList<>();
    /** Those of the pass that have not ended. */
    private final List<QueuedRequest> running = new ArrayList<>();

    private PassCount passes = PassCount.NONE;

    ModelRequests(SchedulerLimits limits) {
        this.capacity = limits.queueCapacity();
        this.stateRoom = new StateRoom(limits.maxRequestBytes());
    }

    WaitingLine waiting() {
        return waiting;
    }

    /** Those that have not ended. */
    int count() {
        return waiting.size() + running.size();
    }

    /** Those of the pass that have not ended. */
    int running() {
        return running.size();
    }

    /** Whether a pass runs. */
    boolean isInPass() {
        return !inPass.isEmpty();
    }

    /** Whether none waits and no pass runs. */
    boolean isEmpty() {
        return inPass.isEmpty() && waiting.isEmpty();
    }

    /** Those that wait, then those of the pass. */
    List<QueuedRequest> all() {
        return Stream.concat(waiting.all().stream(), inPass.stream()).toList();
    }

    QueueState state() {
        return new QueueState(waiting.size(), running.size(), passes);
    }

    /** Why a request of this caller is refused, if the queue of the model has no room for it. */
    Optional<Throwable> noRoom(String model, Caller caller) {
        int ofPass = isInPass() ? 1 : 0;
        if (waiting.counted() + ofPass > capacity) {
            return Optional.of(new QueueFullException(model, capacity));
        }
        long share = caller.grant().quota().placesOf(capacity);
        return waiting.counted(caller.principal()) + ofPass > share
                ? Optional.of(QuotaExceededException.soon(Limit.QUEUE_SHARE, share))
                : Optional.empty();
    }

    /** Those that may have a turn now, in order. */
    List<QueuedRequest> runnable() {
        return stateRoom.among(waiting.runnable(), all());
    }

    /** Some have their turn, in one pass; gives them back. */
    List<QueuedRequest> begin(List<QueuedRequest> pass) {
        waiting.take(pass);
        inPass.addAll(pass);
        running.addAll(pass);
        passes = pass.isEmpty() ? passes : passes.plus(pass);
        return pass;
    }

    /** One has ended, perhaps before its pass; false if it does not run. */
    boolean leave(QueuedRequest request) {
        return running.remove(request);
    }

    /** @param again those that wait for another pass */
    void passEnded(List<QueuedRequest> pass, List<QueuedRequest> again) {
        inPass.removeAll(pass);
        running.removeAll(pass);
        again.forEach(waiting::add);
    }
}
