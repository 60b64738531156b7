package dev.stratalens.server.quota;

import dev.stratalens.server.access.Caller;
import dev.stratalens.server.access.Principal;
import dev.stratalens.server.error.QuotaExceededException;
import dev.stratalens.server.threads.Callback;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Counts what each principal uses, and admits prompts within its limits: those of the grant with which it began its newest call.
 * Thread-safe.
 */
public final class Quotas {

    private static final int REMEMBERED = 64;
    /** Batches that wait try again as often, and can tell their callers that they wait. */
    private static final long LONGEST_WAIT = Duration.ofSeconds(1).toNanos();

    private final Timer timer;
    private final LongSupplier nanoTime;
    // Guarded by this.
    private final Map<Principal, Usage> usages = new HashMap<>();
    private int forgetAt = REMEMBERED;

    /** Does something once, later on. */
    @FunctionalInterface
    public interface Timer {
        void after(long nanos, Runnable work);
    }

    /** @param timer wakes batches that wait */
    public Quotas(Timer timer, LongSupplier nanoTime) {
        this.timer = timer;
        this.nanoTime = nanoTime;
    }

    /**
     * Admits a single prompt, and begins it: if that fails, the prompt is in flight no more.
     *
     * @param begin has to have the admission closed once the prompt ends
     * @throws QuotaExceededException if the caller has used up its requests
     */
    public void admit(Caller caller, Consumer<Admission> begin) {
        Admission admission = admit(caller);
        try {
            begin.accept(admission);
        } catch (RuntimeException | Error failure) {
            admission.close();
            throw failure;
        }
    }

    /** As the other, for the caller to close whatever happens. */
    synchronized Admission admit(Caller caller) {
        Usage usage = usage(caller);
        usage.limit(caller.grant().quota());
        usage.begin();
        return new Counted(caller, usage, false);
    }

    /** A batch begins: its caller's limits hold from now on. */
    public synchronized void beginBatch(Caller caller) {
        usage(caller).limit(caller.grant().quota());
    }

    /**
     * Admits a prompt of a batch; empty if the caller has used up its limits.
     *
     * @param again called, from any thread, when it is time to try again: within a second
     */
    public Optional<Admission> admitOfBatch(Caller caller, Runnable again) {
        long wait;
        synchronized (this) {
            Usage usage = usage(caller);
            wait = usage.beginOfBatch(again);
            if (wait == 0) {
                return Optional.of(new Counted(caller, usage, true));
            }
            wait = Math.min(wait, LONGEST_WAIT);
            if (!usage.setAlarm(wait)) {
                return Optional.empty();
            }
        }
        timer.after(wait, () -> wake(alarmed(caller)));
        return Optional.empty();
    }

    private synchronized List<Runnable> alarmed(Caller caller) {
        Usage usage = usage(caller);
        usage.endAlarm();
        return usage.takeWaiting();
    }

    private static void wake(List<Runnable> waiting) {
        waiting.forEach(again -> Callback.run("a batch that waited for its caller's limits", again));
    }

    /** How many principals are remembered. */
    synchronized int size() {
        return usages.size();
    }

    private Usage usage(Caller caller) {
        Usage known = usages.get(caller.principal());
        if (known != null) {
            return known;
        }
        if (usages.size() >= forgetAt) {
            usages.values().removeIf(Usage::isNone);
            forgetAt = Math.max(REMEMBERED, 2 * usages.size());
        }
        Usage usage = new Usage(nanoTime);
        usage.limit(caller.grant().quota());
        usages.put(caller.principal(), usage);
        return usage;
    }

    /** Guards its state by the quotas, and makes no calls to others under that lock. */
    private final class Counted implements Admission {

        private final Caller caller;
        private final Usage usage;
        private final boolean ofBatch;
        private boolean unread;
        private boolean closed;

        Counted(Caller caller, Usage usage, boolean ofBatch) {
            this.caller = caller;
            this.usage = usage;
            this.ofBatch = ofBatch;
            this.unread = ofBatch;
        }

        @Override
        public Caller caller() {
            return caller;
        }

        @Override
        public void planned(long tokens, long cells) {
            wake(count(tokens, cells));
        }

        private List<Runnable> count(long tokens, long cells) {
            synchronized (Quotas.this) {
                if (!ofBatch) {
                    usage.planned(tokens, cells);
                    return List.of();
                }
                usage.plannedOfBatch(tokens, cells);
                read();
                return usage.takeWaiting();
            }
        }

        @Override
        public void generated() {
            synchronized (Quotas.this) {
                usage.generated();
            }
        }

        private void read() {
            if (unread) {
                unread = false;
                usage.read();
            }
        }

        @Override
        public void close() {
            wake(end());
        }

        private List<Runnable> end() {
            synchronized (Quotas.this) {
                if (closed) {
                    return List.of();
                }
                closed = true;
                read();
                usage.end();
                return usage.takeWaiting();
            }
        }
    }
}
