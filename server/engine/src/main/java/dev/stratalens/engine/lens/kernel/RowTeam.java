package dev.stratalens.engine.lens.kernel;

import com.google.common.util.concurrent.ThreadFactoryBuilder;
import com.google.common.util.concurrent.Uninterruptibles;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Distributes rows over threads. The calling thread starts first: it is awake already, and a tile takes hardly longer
 * than waking another thread. One caller at a time.
 */
public final class RowTeam implements AutoCloseable {

    /**
     * Parts per thread: small enough that a thread that wakes late finds work left, large enough to be worth claiming.
     */
    private static final int PARTS_PER_THREAD = 8;

    private final int threads;
    private final ExecutorService others;
    private final ThreadLocal<RowBuffer> buffers = ThreadLocal.withInitial(RowBuffer::new);

    /** A team of this number of threads, including the calling one. */
    public RowTeam(int threads) {
        this.threads = threads;
        this.others = Executors.newFixedThreadPool(
                Math.max(1, threads - 1),
                new ThreadFactoryBuilder()
                        .setNameFormat("stratalens-rows-%d")
                        .setDaemon(true)
                        .build());
    }

    /** Works on one row. */
    @FunctionalInterface
    interface RowTask {

        /**
         * Works on a row.
         *
         * @param buffer buffer of the thread
         */
        void accept(int row, RowBuffer buffer);
    }

    /** Runs a task for each of the rows 0 .. rows-1, in any order, and returns when all are done. */
    void forEach(int rows, RowTask task) {
        int helpers = Math.min(threads, rows) - 1;
        if (helpers <= 0) {
            RowBuffer buffer = buffers.get();
            for (int row = 0; row < rows; row++) {
                task.accept(row, buffer);
            }
            return;
        }
        var work = new SharedWork(rows, Math.min(rows, threads * PARTS_PER_THREAD), helpers, task);
        for (int i = 0; i < helpers; i++) {
            others.execute(work::help);
        }
        work.finish();
    }

    @Override
    public void close() {
        others.shutdown();
    }

    private final class SharedWork {

        private final int rows;
        private final int parts;
        private final RowTask task;
        private final AtomicInteger next = new AtomicInteger();
        private final CountDownLatch helping;
        private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

        private SharedWork(int rows, int parts, int helpers, RowTask task) {
            this.rows = rows;
            this.parts = parts;
            this.task = task;
            this.helping = new CountDownLatch(helpers);
        }

        private void help() {
            try {
                work();
            } finally {
                helping.countDown();
            }
        }

        private void work() {
            RowBuffer buffer = buffers.get();
            try {
                for (int part = next.getAndIncrement(); part < parts; part = next.getAndIncrement()) {
                    int end = (int) ((part + 1L) * rows / parts);
                    for (int row = (int) ((long) part * rows / parts); row < end; row++) {
                        task.accept(row, buffer);
                    }
                }
            } catch (Throwable e) {
                next.set(parts);
                failure.compareAndSet(null, e);
            }
        }

        private void finish() {
            work();
            Uninterruptibles.awaitUninterruptibly(helping);
            Throwable thrown = failure.get();
            if (thrown != null) {
                throw new IllegalStateException(thrown);
            }
        }
    }
}
