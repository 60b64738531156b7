package dev.stratalens.bench.bare;

import dev.stratalens.engine.checkpoint.reader.CheckpointReader;
import dev.stratalens.engine.lens.LoadedModel;
import dev.stratalens.engine.lens.generation.Generation;
import dev.stratalens.engine.lens.generation.GenerationPlan;
import dev.stratalens.engine.lens.plan.LensPlan;
import dev.stratalens.engine.lens.plan.LensPlanner;
import dev.stratalens.engine.lens.request.IndexRange;
import dev.stratalens.engine.lens.request.LensPrompt;
import dev.stratalens.engine.lens.request.RequestedPlan;
import dev.stratalens.engine.lens.request.RequestedTarget;
import dev.stratalens.engine.lens.request.Statistic;
import dev.stratalens.engine.lens.result.CellReadout;
import dev.stratalens.engine.lens.result.FoundToken;
import dev.stratalens.engine.lens.result.Interlude;
import dev.stratalens.engine.lens.result.LensListener;
import dev.stratalens.engine.lens.result.PositionTrajectory;
import dev.stratalens.engine.lens.result.WantedPlan;
import dev.stratalens.engine.model.Precision;
import dev.stratalens.server.models.CheckpointLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * A model in this process, loaded as a server loads it, whose lens and bare work can be timed. Not thread-safe: one thing is
 * computed at a time, as in a server.
 */
public final class MeasuredModel implements AutoCloseable {

    /** As the lens of a server's default configuration. */
    private static final long WORK_BUFFER_BYTES = 64L << 20;

    private static final int THREADS = Runtime.getRuntime().availableProcessors();

    private static final String NAME = "measured";

    private final LoadedModel lens;
    private final Yardstick yardstick;
    private final double loadSeconds;
    private final int tensorCount;

    private MeasuredModel(LoadedModel lens, double loadSeconds, int tensorCount) {
        this.lens = lens;
        this.tensorCount = tensorCount;
        this.loadSeconds = loadSeconds;
        this.yardstick = new Yardstick(lens.model(), THREADS);
    }

    /**
     * Loads a checkpoint directory.
     *
     * @param computeType {@code auto}, {@code float32} or {@code bfloat16}
     * @throws dev.stratalens.engine.error.LensFailure if its files cannot be used
     */
    public static MeasuredModel load(Path directory, String computeType) {
        var options = new CheckpointLoader.Options(
                Precision.valueOf(computeType.toUpperCase(Locale.ROOT)), WORK_BUFFER_BYTES, THREADS);
        long start = System.nanoTime();
        var lens = (LoadedModel) new CheckpointLoader(Map.of(NAME, directory), options).load(NAME, (done, total) -> {});
        double seconds = (System.nanoTime() - start) / 1e9;
        return new MeasuredModel(
                lens, seconds, CheckpointReader.open(directory).tensors().size());
    }

    /** Seconds of attention alone in every block, for a prompt of so many tokens. */
    public double attentionSeconds(int tokens) {
        return yardstick.attentionNanos(tokens) / 1e9;
    }

    /** Tensors of the checkpoint. */
    public int tensorCount() {
        return tensorCount;
    }

    /** Tensors in memory that are this model's or its bare work's. */
    int openTensors() {
        return lens.model().tensors().open();
    }

    /** Seconds that loading took. */
    public double loadSeconds() {
        return loadSeconds;
    }

    /** Prepares the bare work of a prompt that is packed so many times. The caller closes it before this model. */
    public BareWork bareWork(int[] tokenIds, int prompts) {
        return yardstick.prepare(tokenIds, prompts);
    }

    /**
     * Seconds of the whole lens of a prompt: every layer and position, k = 5, entropy, KL from the final layer, rank of
     * the next token, all trajectories.
     */
    public double lensSeconds(int[] tokenIds) {
        LensPlan plan = LensPlanner.plan(
                        RequestedPlan.builder(new LensPrompt.TokenIds(tokenIds))
                                .topK(5)
                                .statistics(List.of(Statistic.LOG_SUM_EXP, Statistic.ENTROPY, Statistic.KL_FROM_FINAL))
                                .targets(List.of(new RequestedTarget.NextToken()))
                                .trajectories(0)
                                .build(),
                        lens.description(),
                        lens.tokenizer())
                .plan();
        var complete = new CountingListener();
        long start = System.nanoTime();
        lens.run(plan, complete, () -> false);
        double seconds = (System.nanoTime() - start) / 1e9;
        complete.require(plan);
        return seconds;
    }

    /** What is read of each token that is written. */
    public enum Reading {
        /** Every layer: k = 5, entropy, KL from the final layer, all trajectories. */
        ALL_LAYERS,
        /** The model's output, which greedy choice needs. */
        OUTPUT
    }

    /**
     * Seconds in which the model writes tokens after a prompt, the best one each time; without the prompt's own pass.
     *
     * @param count number of tokens
     */
    public double writingSeconds(int[] tokenIds, int count, Reading reading) {
        RequestedPlan.Builder request = RequestedPlan.builder(new LensPrompt.TokenIds(tokenIds));
        if (reading == Reading.ALL_LAYERS) {
            request.topK(5)
                    .statistics(List.of(Statistic.LOG_SUM_EXP, Statistic.ENTROPY, Statistic.KL_FROM_FINAL))
                    .trajectories(0);
        } else {
            request.topK(1)
                    .layers(List.of(new IndexRange(OptionalInt.of(-1), OptionalInt.empty(), OptionalInt.empty())));
        }
        LensPlan prompt = LensPlanner.plan(request.build(), lens.description(), lens.tokenizer())
                .plan();
        var options = new GenerationPlan(count, Optional.empty(), List.of(), List.of(), Set.of());
        try (var text = new Generation(lens.emptyState(), lens.tokenizer(), prompt, options)) {
            step(text);
            long start = System.nanoTime();
            while (step(text)) {}
            return (System.nanoTime() - start) / 1e9;
        }
    }

    /** Runs a pass; whether it has found a token. */
    private boolean step(Generation text) {
        var found = new ArrayList<FoundToken>();
        var complete = new CountingListener() {
            @Override
            public void next(FoundToken token) {
                found.add(token);
            }
        };
        LensPlan plan = text.plan();
        lens.run(
                List.of(new WantedPlan(plan, complete, () -> false, Optional.of(text.continuation()))), Interlude.NONE);
        complete.require(plan);
        found.forEach(text::take);
        return !found.isEmpty();
    }

    @Override
    public void close() {
        yardstick.close();
        lens.close();
    }

    /** Counts results, so that nothing that was left out is timed as if it were there. */
    private static class CountingListener implements LensListener {
        private int layers;
        private int trajectories;

        @Override
        public void cells(CellReadout readout) {
            layers++;
        }

        @Override
        public void trajectory(PositionTrajectory trajectory) {
            trajectories++;
        }

        void require(LensPlan plan) {
            int wanted = plan.minimumPeak().isPresent() ? plan.positions().length : 0;
            if (layers != plan.readPoints().size() || trajectories != wanted) {
                throw new IllegalStateException("the lens gave %d layers and %d trajectories of %d and %d"
                        .formatted(layers, trajectories, plan.readPoints().size(), wanted));
            }
        }
    }
}
