package dev.stratalens.engine.lens;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stratalens.engine.error.LensCanceledException;
import dev.stratalens.engine.lens.plan.Interventions;
import dev.stratalens.engine.lens.plan.LensPlan;
import dev.stratalens.engine.lens.plan.LensPlanner;
import dev.stratalens.engine.lens.request.IndexRange;
import dev.stratalens.engine.lens.request.LensPrompt;
import dev.stratalens.engine.lens.request.RequestedEffect;
import dev.stratalens.engine.lens.request.RequestedIntervention;
import dev.stratalens.engine.lens.request.RequestedIntervention.Operation;
import dev.stratalens.engine.lens.request.RequestedIntervention.Rows;
import dev.stratalens.engine.lens.request.RequestedPlan;
import dev.stratalens.engine.lens.request.RequestedSweep;
import dev.stratalens.engine.lens.request.RequestedTarget;
import dev.stratalens.engine.lens.result.Interlude;
import dev.stratalens.engine.lens.result.LensOutcome;
import dev.stratalens.engine.lens.result.MeasuredEffect;
import dev.stratalens.engine.lens.result.WantedPlan;
import dev.stratalens.engine.model.site.Site;
import dev.stratalens.engine.model.weight.Placement;
import dev.stratalens.engine.model.weight.Placer;
import dev.stratalens.engine.parity.ParityCase;
import dev.stratalens.engine.parity.ParityCases;
import dev.stratalens.engine.tensor.Device;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Compares the cells of sweeps with passes that make each change alone. */
class SweepTest {

    private static final RequestedEffect.Metric LOGIT =
            new RequestedEffect.Metric(new RequestedEffect.Logit(new RequestedTarget.TokenId(7)), OptionalInt.empty());
    private static final RequestedEffect.Metric KL =
            new RequestedEffect.Metric(new RequestedEffect.KlFromUnchanged(), OptionalInt.of(-2));

    /** Collects a sweep. */
    private static final class Listener extends RecordingListener {

        private float[] values = new float[0];
        private double unchanged = Double.NaN;
        private OptionalDouble source = OptionalDouble.empty();
        private @Nullable LensOutcome outcome;
        private @Nullable Throwable failure;
        private int stopAfter = Integer.MAX_VALUE;
        private int calls;

        @Override
        public void sweepBegins(double metric, OptionalDouble ofSource) {
            unchanged = metric;
            source = ofSource;
        }

        @Override
        public void sweepCells(long first, float[] some) {
            calls++;
            values = Arrays.copyOf(values, Math.max(values.length, (int) first + some.length));
            System.arraycopy(some, 0, values, (int) first, some.length);
        }

        @Override
        public void completed(LensOutcome ended) {
            outcome = ended;
        }

        @Override
        public void failed(Throwable reason) {
            failure = reason;
        }
    }

    private static Operation fromReversed(ParityCase parity) {
        int[] ids = parity.tokenIds();
        return new RequestedIntervention.ReplaceFrom(
                Optional.of(new LensPrompt.TokenIds(IntStream.range(0, ids.length)
                        .map(i -> ids[ids.length - 1 - i])
                        .toArray())),
                OptionalInt.empty(),
                List.of());
    }

    private static LensPlan plan(
            LoadedModel lens,
            ParityCase parity,
            Rows rows,
            Operation operation,
            RequestedSweep.Heads heads,
            RequestedEffect.Metric metric) {
        RequestedPlan request = RequestedPlan.builder(new LensPrompt.TokenIds(parity.tokenIds()))
                .sweep(new RequestedSweep(new RequestedIntervention(rows, operation), heads, metric))
                .build();
        return LensPlanner.plan(request, lens.description(), lens.tokenizer(), lens.knownLenses())
                .plan();
    }

    private static Listener sweep(LoadedModel lens, LensPlan plan) {
        var listener = new Listener();
        lens.run(List.of(new WantedPlan(plan, listener, () -> listener.calls >= listener.stopAfter)), Interlude.NONE);
        return listener;
    }

    /** gpt2 begins each cell at its token, a hybrid at the first one. */
    @ParameterizedTest
    @CsvSource({
        "gpt2, BLOCK_OUTPUT",
        "gpt2, EMBEDDING",
        "gpt2, ATTENTION_HEADS",
        "llama, FEED_FORWARD_OUTPUT",
        "gpt_neox, ATTENTION_OUTPUT",
        "mixtral, ATTENTION_RESIDUAL",
        "deepseek_v3, BLOCK_OUTPUT",
        "gemma4_text, BLOCK_OUTPUT",
        "qwen3_5, BLOCK_OUTPUT",
        "mamba2, ATTENTION_OUTPUT"
    })
    void eachCellIsThePassWithItsChangeAlone(String name, Site site) {
        ParityCase parity = ParityCases.named(name);
        try (LoadedModel lens = SitesParityTest.loaded(parity, Placer.PROCESSOR)) {
            Rows rows = Rows.at(site).positions(IndexRange.everyNth(3));
            LensPlan plan = plan(lens, parity, rows, fromReversed(parity), RequestedSweep.Heads.TOGETHER, LOGIT);
            Listener found = sweep(lens, plan);
            Interventions.Sweep grid = plan.interventions().sweep().orElseThrow();
            assertEquals(plan.cellCount(), found.values.length, () -> "" + found.failure);
            assertTrue(found.outcome != null);
            int cell = 0;
            for (int block : grid.change().blocks()) {
                for (int position : grid.change().positions()) {
                    Rows one = Rows.at(site).positions(IndexRange.of(position));
                    one = site == Site.EMBEDDING ? one : one.layers(IndexRange.of(block));
                    MeasuredEffect.MetricPair alone = alone(lens, parity, one, fromReversed(parity), LOGIT);
                    String what = "%s, block %d, position %d".formatted(name, block, position);
                    CellParity.assertClose((float) alone.changed(), found.values[cell++], what);
                    CellParity.assertClose((float) alone.unchanged(), (float) found.unchanged, what);
                }
            }
            assertTrue(found.source.isPresent());
        }
    }

    private static MeasuredEffect.MetricPair alone(
            LoadedModel lens, ParityCase parity, Rows rows, Operation operation, RequestedEffect.Metric metric) {
        RequestedPlan request = RequestedPlan.builder(new LensPrompt.TokenIds(parity.tokenIds()))
                .interventions(List.of(new RequestedIntervention(rows, operation)))
                .effect(new RequestedEffect(List.of(metric), false))
                .build();
        var found = new RecordingListener() {
            private @Nullable MeasuredEffect effect;

            @Override
            public void effect(MeasuredEffect measured) {
                effect = measured;
            }
        };
        lens.run(
                LensPlanner.plan(request, lens.description(), lens.tokenizer(), lens.knownLenses())
                        .plan(),
                found,
                () -> false);
        if (found.effect == null) {
            throw new AssertionError("no effect came");
        }
        return found.effect.metrics().get(0);
    }

    /** A metric before the last position: what is changed after it has no part in it. */
    @Test
    void headsCanBeChangedOneByOne() {
        ParityCase parity = ParityCases.named("gpt2");
        try (LoadedModel lens = SitesParityTest.loaded(parity, Placer.PROCESSOR)) {
            Rows rows = Rows.at(Site.ATTENTION_HEADS).layers(IndexRange.of(1));
            var zero = new RequestedIntervention.SetZero();
            LensPlan plan = plan(lens, parity, rows, zero, RequestedSweep.Heads.EACH, KL);
            Listener found = sweep(lens, plan);
            int heads = lens.description().heads().get(1).count();
            assertEquals((long) heads * parity.tokens(), found.values.length, () -> "" + found.failure);
            assertEquals(0, found.unchanged);
            for (int position : new int[] {0, parity.tokens() - 2, parity.tokens() - 1}) {
                for (int head = 0; head < heads; head++) {
                    Rows one = rows.positions(IndexRange.of(position)).heads(IndexRange.of(head));
                    CellParity.assertClose(
                            (float) alone(lens, parity, one, zero, KL).changed(),
                            found.values[position * heads + head],
                            "position %d, head %d".formatted(position, head));
                }
            }
            assertEquals(0, found.values[found.values.length - 1]);
        }
    }

    @Test
    void stagesGiveTheSameCells() {
        ParityCase parity = ParityCases.named("gpt2");
        Placer stages = sizes -> Placement.inStages(
                IntStream.range(0, 2).mapToObj(Device::cpu).toList(),
                sizes.blocks().size());
        try (LoadedModel one = SitesParityTest.loaded(parity, Placer.PROCESSOR);
                LoadedModel two = SitesParityTest.loaded(parity, stages)) {
            Rows rows = Rows.at(Site.BLOCK_OUTPUT);
            float[] expected = sweep(
                            one, plan(one, parity, rows, fromReversed(parity), RequestedSweep.Heads.TOGETHER, LOGIT))
                    .values;
            float[] actual = sweep(
                            two, plan(two, parity, rows, fromReversed(parity), RequestedSweep.Heads.TOGETHER, LOGIT))
                    .values;
            assertEquals(expected.length, actual.length);
            for (int i = 0; i < expected.length; i++) {
                CellParity.assertClose(expected[i], actual[i], "cell " + i);
            }
        }
    }

    @Test
    void aCanceledSweepEndsBetweenTwoPacks() {
        ParityCase parity = ParityCases.named("gpt2");
        try (LoadedModel lens = SitesParityTest.loaded(parity, Placer.PROCESSOR)) {
            LensPlan plan = plan(
                    lens,
                    parity,
                    Rows.at(Site.BLOCK_OUTPUT),
                    new RequestedIntervention.SetZero(),
                    RequestedSweep.Heads.TOGETHER,
                    LOGIT);
            int open = lens.openTensors();
            var listener = new Listener();
            listener.stopAfter = 1;
            lens.run(
                    List.of(new WantedPlan(plan, listener, () -> listener.calls >= listener.stopAfter)),
                    Interlude.NONE);
            assertInstanceOf(LensCanceledException.class, listener.failure);
            assertTrue(listener.values.length < plan.cellCount());
            assertEquals(open, lens.openTensors());
        }
    }
}
