package dev.stratalens.engine.model.weight;

import com.google.common.base.Throwables;
import com.google.common.util.concurrent.ThreadFactoryBuilder;
import com.google.common.util.concurrent.Uninterruptibles;
import java.util.ArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Distributes parts of a tensor over separate threads, one per core, so that loading neither waits for other work of
 * the process nor delays it. Idle threads end after a while. One caller at a time.
 */
final class PartTeam implements AutoCloseable {

    private static final long IDLE_SECONDS = 1;

    private final int size = Runtime.getRuntime().availableProcessors();
    private final ThreadPoolExecutor threads = new ThreadPoolExecutor(
            size,
            size,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            new ThreadFactoryBuilder()
                    .setNameFormat("stratalens-decoding-%d")
                    .setDaemon(true)
                    .build());

    PartTeam() {
        threads.allowCoreThreadTimeOut(true);
    }

    /** Runs a task for each of the parts 0 .. parts-1, in any order. Returns when all are done or one has failed. */
    void forEach(int parts, IntConsumer task) {
        var next = new AtomicInteger();
        var shares = new ArrayList<Future<?>>();
        for (int i = 0; i < Math.min(size, parts); i++) {
            shares.add(threads.submit(() -> {
                try {
                    for (int part = next.getAndIncrement(); part < parts; part = next.getAndIncrement()) {
                        task.accept(part);
                    }
                } finally {
                    next.set(parts); // a failure also stops the other threads
                }
            }));
        }
        @Nullable Throwable failure = null;
        for (Future<?> share : shares) {
            try {
                Uninterruptibles.getUninterruptibly(share);
            } catch (ExecutionException e) {
                failure = e.getCause();
            }
        }
        if (failure != null) {
            Throwables.throwIfUnchecked(failure);
            throw new IllegalStateException(failure);
        }
    }

    @Override
    public void close() {
        threads.shutdown();
    }
}
