package dev.stratalens.server.watch;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What is known so far of one request. Thread-safe. */
public final class RequestRecord {

    private final Origin origin;
    private final RequestWatch watch;
    private final long begun = System.nanoTime();
    // Guarded by this.
    private String principal = "";
    private Subject subject = Subject.NONE;
    private @Nullable Work work;
    private long sentBytes;
    private boolean ended;

    /** @param watch is told when the request ends */
    public RequestRecord(Origin origin, RequestWatch watch) {
        this.origin = origin;
        this.watch = watch;
    }

    /** A request within this one, such as a prompt of a batch. */
    public synchronized RequestRecord part(String name) {
        RequestRecord part = new RequestRecord(
                new Origin(origin.id() + "/" + name, origin.method(), origin.peer(), origin.trace(), Instant.now()),
                watch);
        part.askedBy(principal);
        return part;
    }

    public synchronized void askedBy(String name) {
        principal = name;
    }

    public synchronized void concerns(Subject asked) {
        subject = asked;
    }

    public synchronized void concerns(String model) {
        concerns(new Subject(model, "", Optional.empty()));
    }

    public synchronized void started(Work begins) {
        work = begins;
    }

    public synchronized void computed(Duration forward, Duration lens) {
        work = work == null ? null : work.computed(forward, lens);
    }

    /** A token was generated; its row has so many cells. */
    public synchronized void generated(long cells) {
        work = work == null ? null : work.generated(cells);
    }

    public synchronized void sent(long bytes) {
        sentBytes += bytes;
    }

    /** Tells of the request; does nothing the second time. */
    public void end(Outcome outcome) {
        RequestFacts facts;
        synchronized (this) {
            if (ended) {
                return;
            }
            ended = true;
            facts = new RequestFacts(
                    origin,
                    principal,
                    subject,
                    Optional.ofNullable(work),
                    Duration.ofNanos(System.nanoTime() - begun),
                    sentBytes,
                    outcome);
        }
        watch.ended(facts);
    }
}
