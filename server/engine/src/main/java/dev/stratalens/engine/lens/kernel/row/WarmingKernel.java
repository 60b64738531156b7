package dev.stratalens.engine.lens.kernel.row;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Uses plain Java until the Vector API is warm. Before it is compiled, a vector operation costs a hundred times what it
 * saves, which would delay the first answer by a second. So once there is enough work, a separate thread warms the
 * vector kernel, which takes over when it is faster. Both give the same bits.
 */
public final class WarmingKernel implements RowKernel {

    /** Number of logits after which warming pays; a short prompt on a small model never reaches it. */
    private static final long LOGITS_WORTH_WARMING = 8_000_000;

    private static final int COLUMNS = 4096;
    private static final int ROWS_PER_TRIAL = 64;
    private static final int TRIALS = 500;
    private static final double CLEARLY_FASTER = 1.5;

    private final RowKernel plain;
    private final RowKernel vector;
    private final AtomicLong logitsToWarming = new AtomicLong(LOGITS_WORTH_WARMING);
    private volatile RowKernel current;

    private WarmingKernel(RowKernel vector) {
        this.plain = new PlainKernel(vector.lanes());
        this.vector = vector;
        this.current = plain;
    }

    /** The fastest kernel that this JVM has. */
    public static RowKernel best() {
        return vector().<RowKernel>map(WarmingKernel::new).orElseGet(PlainKernel::new);
    }

    /** The kernel for the Vector API; empty if the JVM was started without the incubator module. */
    public static Optional<RowKernel> vector() {
        if (ModuleLayer.boot().findModule("jdk.incubator.vector").isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(Class.forName("dev.stratalens.engine.lens.kernel.row.VectorKernel")
                    .asSubclass(RowKernel.class)
                    .getDeclaredConstructor()
                    .newInstance());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("the kernel for the Vector API is not on the class path", e);
        }
    }

    @Override
    public int lanes() {
        return vector.lanes();
    }

    @Override
    public void accept(float[] logits, int columns, int firstToken, RowStatistics statistics, int row) {
        RowKernel kernel = current;
        kernel.accept(logits, columns, firstToken, statistics, row);
        if (kernel == plain) {
            long left = logitsToWarming.addAndGet(-columns);
            if (left <= 0 && left > -columns) {
                var thread = new Thread(this::warm, "stratalens-kernel-warming");
                thread.setDaemon(true);
                thread.start();
            }
        }
    }

    @Override
    public void offer(float[] scores, int columns, int firstToken, BestTokens best, int row) {
        current.offer(scores, columns, firstToken, best, row);
    }

    @Override
    public void widen(int[] pairs, int count, float[] destination) {
        current.widen(pairs, count, destination);
    }

    @Override
    public float dot(float[] a, int firstOfA, float[] b, int count) {
        return current.dot(a, firstOfA, b, count);
    }

    private void warm() {
        var logits = new float[COLUMNS];
        for (int i = 0; i < COLUMNS; i++) {
            logits[i] = (i * 7919 % COLUMNS) / 256f;
        }
        for (int trial = 0; trial < TRIALS; trial++) {
            if (time(plain, logits) > CLEARLY_FASTER * time(vector, logits)) {
                current = vector;
                return;
            }
        }
    }

    private static long time(RowKernel kernel, float[] logits) {
        var statistics = new RowStatistics(ROWS_PER_TRIAL, 10, 1, new int[ROWS_PER_TRIAL], new float[ROWS_PER_TRIAL]);
        var pairs = new int[COLUMNS / 2];
        var widened = new float[COLUMNS];
        float sum = 0;
        long start = System.nanoTime();
        for (int row = 0; row < ROWS_PER_TRIAL; row++) {
            kernel.accept(logits, COLUMNS, 0, statistics, row);
            kernel.widen(pairs, pairs.length, widened);
            sum += kernel.dot(logits, 0, widened, COLUMNS);
        }
        if (sum != 0) {
            throw new AssertionError("zeros were widened to " + sum);
        }
        return System.nanoTime() - start;
    }
}
