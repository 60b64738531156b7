package dev.stratalens.bench.soak;

import static java.util.Objects.requireNonNull;

import dev.stratalens.cli.failure.CliException;
import dev.stratalens.cli.failure.ExitCode;
import dev.stratalens.cli.terminal.ProgressLine;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Some callers, each of whom makes calls of every kind, one after another. */
public final class MixedLoad {

    private static final int CALLERS = 6;
    private static final long LOOK_MILLIS = 1_000;

    private final SoakCalls calls;
    private final AtomicLong numbers = new AtomicLong();
    private final Map<CallKind, AtomicLong> counts = new EnumMap<>(CallKind.class);
    private final AtomicLong failures = new AtomicLong();
    private final AtomicReference<@Nullable String> firstFailure = new AtomicReference<>();

    public MixedLoad(SoakCalls calls) {
        this.calls = calls;
        for (CallKind kind : CallKind.values()) {
            counts.put(kind, new AtomicLong());
        }
    }

    /**
     * Lets the callers ask from one time to another, and returns when the last one is answered.
     *
     * @param from time since the beginning of all
     * @param whole time of all, for the progress
     */
    public void run(Duration from, Duration to, Duration whole, ProgressLine progress) {
        long start = System.nanoTime() - from.toNanos();
        List<Thread> callers = new ArrayList<>();
        for (int i = 0; i < CALLERS; i++) {
            Thread caller = new Thread(() -> call(start + to.toNanos()), "stratalens-bench-soak");
            caller.setDaemon(true);
            caller.start();
            callers.add(caller);
        }
        try {
            for (Thread caller : callers) {
                while (caller.isAlive()) {
                    Duration now = Duration.ofNanos(Math.min(to.toNanos(), System.nanoTime() - start));
                    progress.show("soaking", now.toSeconds(), whole.toSeconds());
                    caller.join(LOOK_MILLIS);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CliException(ExitCode.INTERRUPTED, "interrupted while callers soaked the server", e);
        }
    }

    private void call(long end) {
        while (System.nanoTime() - end < 0) {
            long number = numbers.getAndIncrement();
            CallKind kind = CallKind.of(number);
            try {
                calls.make(kind, number);
            } catch (RuntimeException | IOException failure) {
                failures.incrementAndGet();
                firstFailure.compareAndSet(null, "%s: %s".formatted(kind.title(), failure));
            }
            counter(kind).incrementAndGet();
        }
    }

    /** Calls of a kind so far. */
    public long count(CallKind kind) {
        return counter(kind).get();
    }

    private AtomicLong counter(CallKind kind) {
        return requireNonNull(counts.get(kind));
    }

    /** Calls that did not end as they should. */
    public long failures() {
        return failures.get();
    }

    /** What went wrong first. */
    public Optional<String> firstFailure() {
        return Optional.ofNullable(firstFailure.get());
    }
}
