package dev.stratalens.server.fake;

import dev.stratalens.server.lens.Cancellation;
import dev.stratalens.server.lens.FinalTargets;
import dev.stratalens.server.lens.Interlude;
import dev.stratalens.server.lens.LayerReadout;
import dev.stratalens.server.lens.LensEngine;
import dev.stratalens.server.lens.LensListener;
import dev.stratalens.server.lens.LensOutcome;
import dev.stratalens.server.lens.LensPlan;
import dev.stratalens.server.lens.LensTarget;
import dev.stratalens.server.lens.LensTask;
import dev.stratalens.server.lens.PositionTrajectory;
import dev.stratalens.server.lens.SelfCheck;
import dev.stratalens.server.lens.Statistic;
import dev.stratalens.server.model.ModelDescription;
import dev.stratalens.server.text.Tokenizer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** An engine without weights: equal plans give equal results, of the right shapes and order, whatever else is in the pass. */
public final class FakeLensEngine implements LensEngine {

    /** Memory that a plan is said to need, per cell. */
    public static final long BYTES_PER_CELL = 1_000;

    private final ModelDescription description;
    private final FakeTokenizer tokenizer = new FakeTokenizer();
    private final AtomicInteger running = new AtomicInteger();
    private final AtomicInteger planned = new AtomicInteger();
    private final AtomicInteger deepest = new AtomicInteger();
    private final List<List<Integer>> passes = new CopyOnWriteArrayList<>();
    private volatile @Nullable Thread inInterlude;
    private volatile boolean closed;
    private volatile @Nullable Pause pause;
    private volatile @Nullable Throwable fault;

    public FakeLensEngine(ModelDescription description) {
        this.description = description;
    }

    public static FakeLensEngine named(String name) {
        return new FakeLensEngine(FakeModel.named(name));
    }

    /** Every run from now on stops here, after its first block. */
    public Pause pauseRuns() {
        Pause next = new Pause();
        pause = next;
        return next;
    }

    /** Runs that begin from now on do not stop. */
    public void pauseNoMore() {
        pause = null;
    }

    /** Every run fails with this after its first block. */
    public void failWith(Throwable fault) {
        this.fault = fault;
    }

    /** Plans that were asked for their need so far: one a job that was taken in. */
    public int plannedJobs() {
        return planned.get();
    }

    /** The passes so far, in the order in which they began, each as the lengths of its prompts. */
    public List<List<Integer>> passes() {
        return List.copyOf(passes);
    }

    /** Most passes that were under way together, one within the other. */
    public int deepestPass() {
        return deepest.get();
    }

    public boolean isRunning() {
        return running.get() > 0;
    }

    /** Waits until no pass runs: a result is handed over shortly before its pass ends. */
    public void awaitIdle() throws InterruptedException {
        long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (isRunning()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("The engine still runs.");
            }
            Thread.sleep(1);
        }
    }

    public boolean isClosed() {
        return closed;
    }

    @Override
    public ModelDescription description() {
        return description;
    }

    @Override
    public Tokenizer tokenizer() {
        return tokenizer;
    }

    @Override
    public long memoryNeed(LensPlan plan) {
        planned.incrementAndGet();
        return plan.cellCount() * BYTES_PER_CELL;
    }

    @Override
    public void run(List<LensTask> tasks, Interlude interlude) {
        if (closed || (running.getAndIncrement() > 0 && inInterlude != Thread.currentThread())) {
            throw new AssertionError("Two passes at once, or after close.");
        }
        deepest.accumulateAndGet(running.get(), Math::max);
        passes.add(tasks.stream().map(task -> task.plan().tokenIds().length).toList());
        Pause holding = pause;
        try {
            List<LensTask> alive = new ArrayList<>(tasks);
            for (int block = 0; block < description.blockCount(); block++) {
                int number = block;
                alive.removeIf(task -> !advances(task, () -> compute(task, number, holding)));
                take(interlude);
            }
            for (LensTask task : alive) {
                advances(task, () -> task.completed(read(task.plan(), task.listener(), task.cancellation())));
                take(interlude);
            }
        } finally {
            running.decrementAndGet();
        }
    }

    private void take(Interlude interlude) {
        inInterlude = Thread.currentThread();
        interlude.take();
        inInterlude = null;
    }

    private static boolean advances(LensTask task, Runnable step) {
        try {
            step.run();
            return true;
        } catch (Throwable failure) {
            task.failed(failure);
            return false;
        }
    }

    @Override
    public void close() {
        if (isRunning() || closed) {
            throw new AssertionError("Closed while running, or twice.");
        }
        closed = true;
    }

    private void compute(LensTask task, int block, @Nullable Pause holding) {
        task.cancellation().throwIfCancelled();
        task.listener().forwardProgress(block + 1, description.blockCount());
        if (block == 0 && holding != null) {
            holding.hold(task.cancellation());
        }
        throwFault();
    }

    private LensOutcome read(LensPlan plan, LensListener listener, Cancellation cancellation) {
        int[] targets = targets(plan);
        FakeDistribution[] last = row(plan, description.blockCount() - 1);
        int[] finalTop = ids(plan, p -> last[p].top(1));
        listener.targets(new FinalTargets(finalTop, values(plan, p -> last[p].logProb(finalTop[p])), targets));
        for (int l = 0; l < plan.layers().length; l++) {
            cancellation.throwIfCancelled();
            listener.layer(readout(plan, l, last, targets));
            listener.lensProgress(l + 1, plan.layers().length);
        }
        if (plan.minimumPeak().isPresent()) {
            for (int p = 0; p < plan.positions().length; p++) {
                cancellation.throwIfCancelled();
                listener.trajectory(trajectory(plan, p));
            }
        }
        return new LensOutcome(
                new SelfCheck(0, true, List.of(plan.positions()[0])), Duration.ofMillis(2), Duration.ofMillis(3), 0);
    }

    private void throwFault() {
        if (fault instanceof RuntimeException exception) {
            throw exception;
        }
        if (fault instanceof Error error) {
            throw error;
        }
    }

    private FakeDistribution[] row(LensPlan plan, int layer) {
        return IntStream.of(plan.positions())
                .mapToObj(position ->
                        new FakeDistribution(layer, position, plan.tokenIds()[position], description.vocabularySize()))
                .toArray(FakeDistribution[]::new);
    }

    private int[] targets(LensPlan plan) {
        FakeDistribution[] last = row(plan, description.blockCount() - 1);
        return ids(
                plan,
                p -> plan.targets().stream()
                        .mapToInt(target -> {
                            if (target.target() instanceof LensTarget.FinalTop) {
                                return last[p].top(1)[0];
                            }
                            int next = plan.positions()[p] + 1;
                            if (target.target() instanceof LensTarget.NextToken) {
                                return next < plan.tokenIds().length ? plan.tokenIds()[next] : -1;
                            }
                            return target.tokenIds().get(0);
                        })
                        .toArray());
    }

    private LayerReadout readout(LensPlan plan, int layerIndex, FakeDistribution[] last, int[] targets) {
        FakeDistribution[] cells = row(plan, plan.layers()[layerIndex]);
        int m = plan.targets().size();
        int k = plan.topK();
        int[] top = ids(plan, p -> cells[p].top(k));
        boolean isLast = layerIndex == plan.layers().length - 1;
        FakeDistribution[] next = row(plan, plan.layers()[isLast ? layerIndex : layerIndex + 1]);
        return new LayerReadout(
                plan.layers()[layerIndex],
                top,
                floats(top.length, i -> cells[i / k].logProb(top[i])),
                values(plan, p -> cells[p].logSumExp()),
                IntStream.range(0, targets.length)
                        .map(i -> targets[i] < 0 ? 0 : cells[i / m].rank(targets[i]))
                        .toArray(),
                floats(targets.length, i -> targets[i] < 0 ? Float.NaN : cells[i / m].logProb(targets[i])),
                optional(plan, Statistic.ENTROPY, p -> cells[p].entropy()),
                optional(plan, Statistic.KL_FROM_FINAL, p -> cells[p].divergenceFrom(last[p])),
                optional(plan, Statistic.KL_FROM_NEXT, p -> isLast ? Double.NaN : cells[p].divergenceFrom(next[p])));
    }

    private PositionTrajectory trajectory(LensPlan plan, int p) {
        List<FakeDistribution> column = IntStream.of(plan.layers())
                .mapToObj(layer -> row(plan, layer)[p])
                .toList();
        TreeSet<Integer> tracked = new TreeSet<>();
        for (int l = 0; l < plan.layers().length; l++) {
            if (plan.layers()[l] >= 0) {
                IntStream.of(column.get(l).top(plan.topK())).forEach(tracked::add);
            }
        }
        plan.targets().stream()
                .filter(target -> !target.tokenIds().isEmpty())
                .forEach(target -> tracked.add(target.tokenIds().get(0)));
        int[] ids = tracked.stream().mapToInt(id -> id).toArray();
        int layers = plan.layers().length;
        return new PositionTrajectory(
                p, ids, floats(ids.length * layers, i -> column.get(i % layers).logProb(ids[i / layers])));
    }

    private static float[] optional(LensPlan plan, Statistic statistic, IntFunction<Double> value) {
        return plan.statistics().contains(statistic) ? values(plan, value) : new float[0];
    }

    private static int[] ids(LensPlan plan, IntFunction<int[]> atPosition) {
        return IntStream.range(0, plan.positions().length)
                .mapToObj(atPosition)
                .flatMapToInt(IntStream::of)
                .toArray();
    }

    private static float[] values(LensPlan plan, IntFunction<? extends Number> atPosition) {
        return floats(plan.positions().length, p -> atPosition.apply(p).floatValue());
    }

    private static float[] floats(int count, IntFunction<Float> value) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = value.apply(i);
        }
        return values;
    }
}
