package dev.stratalens.server.scheduling;

import dev.stratalens.server.models.Lease;
import dev.stratalens.server.models.NamedModel;
import dev.stratalens.server.models.ServingState;
import dev.stratalens.server.threads.Guard;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;

/**
 * Reads the texts of the requests that wait for one model once it is there, a few at a time: brief ones on the thread that brings them,
 * others on threads of their own. Thread-safe; its callbacks are called without the lock.
 */
final class TextReaders {

    /** Texts that are read at a time: a long one does not hold up the next. */
    private static final int MOST = 2;

    private final NamedModel model;
    private final long maxRequestBytes;
    private final Executor threads;
    private final Owner owner;
    private final Guard guard;
    // Guarded by it.
    private final WaitingLine waiting;
    private final Set<QueuedRequest> beingRead = new HashSet<>();
    private int count;

    /** Whose requests these are. */
    interface Owner {

        /** A text was read: its request may run now. Called under the lock. */
        void mayRun();

        /** A request holds the model now, and waits for its turn. */
        void planned(QueuedRequest request);

        /** A request cannot be computed. */
        void refused(QueuedRequest request, Throwable reason);
    }

    /**
     * @param guard of the line
     * @param threads for texts that take long
     */
    TextReaders(
            NamedModel model, long maxRequestBytes, Executor threads, Owner owner, Guard guard, WaitingLine waiting) {
        this.model = model;
        this.maxRequestBytes = maxRequestBytes;
        this.threads = threads;
        this.owner = owner;
        this.guard = guard;
        this.waiting = waiting;
    }

    /** Whether no text is read. Under the lock. */
    boolean isIdle() {
        return count == 0;
    }

    /** Whether a request waits until another's text was read. Under the lock. */
    boolean isHeldUp(QueuedRequest request) {
        return count == MOST && !beingRead.contains(request);
    }

    /**
     * Reads a brief text on the calling thread, unless others are read now: that thread is lost to all calls meanwhile. Prompts of
     * batches come on the computing thread, and are not read here.
     */
    void readHere(QueuedRequest request) {
        boolean reads = guard.get(() -> {
            boolean can = count == 0
                    && request.whenFull() == WhenFull.REFUSE
                    && request.textSize().isBrief()
                    && isReady()
                    && unread().filter(request::equals).isPresent();
            if (can) {
                count++;
                beingRead.add(request);
            }
            return can;
        });
        if (reads) {
            try {
                plan(request);
            } finally {
                stop();
            }
        }
    }

    /** Has the texts read of those requests that wait for that. */
    void read() {
        boolean needed = guard.get(() -> {
            boolean oneMore = count < MOST && unread().isPresent();
            count += oneMore ? 1 : 0;
            return oneMore;
        });
        if (!needed) {
            return;
        }
        try {
            threads.execute(this::readOn);
        } catch (Throwable refused) {
            // The server is stopping, or there is no memory for a thread: requests that wait must be told.
            stop();
            refuseUnread(refused);
        }
    }

    /** Refuses the requests whose text was not read yet. */
    void refuseUnread(Throwable reason) {
        guard.get(waiting::unplanned).forEach(request -> owner.refused(request, reason));
    }

    /** Reads one text after the other while the model is there. */
    private void readOn() {
        try {
            for (Optional<QueuedRequest> next = next(); next.isPresent(); next = next()) {
                plan(next.get());
            }
        } finally {
            stop();
        }
        // It may have become ready, or a request may have come, after this reader had looked for the last time.
        if (isReady()) {
            read();
        } else if (!guard.get(waiting::unplanned).isEmpty()) {
            model.request();
        }
    }

    private void stop() {
        guard.run(() -> count--);
    }

    private boolean isReady() {
        return model.state() instanceof ServingState.Ready;
    }

    private Optional<QueuedRequest> next() {
        return guard.get(() -> {
            Optional<QueuedRequest> next = isReady() ? unread() : Optional.empty();
            next.ifPresent(beingRead::add);
            return next;
        });
    }

    /** Under the lock. */
    private Optional<QueuedRequest> unread() {
        return waiting.firstUnplanned(request -> !beingRead.contains(request));
    }

    /** Has the request hold the model if that is ready; else it waits on, and the model is asked for. */
    // Throwable: whatever goes wrong with a text reaches its caller and does not end the thread that reads.
    private void plan(QueuedRequest request) {
        Optional<Lease> lease = model.lease();
        boolean taken = false;
        try {
            taken = lease.isPresent() && request.plan(lease.get(), maxRequestBytes);
        } catch (Throwable refusal) {
            owner.refused(request, refusal);
        } finally {
            if (!taken) {
                lease.ifPresent(Lease::close);
            }
            guard.run(() -> {
                beingRead.remove(request);
                owner.mayRun();
            });
        }
        if (taken) {
            owner.planned(request);
        }
    }
}
