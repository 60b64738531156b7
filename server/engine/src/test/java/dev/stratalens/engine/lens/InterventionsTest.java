package dev.stratalens.engine.lens;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stratalens.engine.error.InvalidFieldException;
import dev.stratalens.engine.error.LensCanceledException;
import dev.stratalens.engine.lens.plan.LensPlan;
import dev.stratalens.engine.lens.plan.LensPlanner;
import dev.stratalens.engine.lens.plan.ReadPoint;
import dev.stratalens.engine.lens.request.IndexRange;
import dev.stratalens.engine.lens.request.LensPrompt;
import dev.stratalens.engine.lens.request.RequestedEffect;
import dev.stratalens.engine.lens.request.RequestedIntervention;
import dev.stratalens.engine.lens.request.RequestedIntervention.Measure;
import dev.stratalens.engine.lens.request.RequestedIntervention.Operation;
import dev.stratalens.engine.lens.request.RequestedIntervention.Rows;
import dev.stratalens.engine.lens.request.RequestedPlan;
import dev.stratalens.engine.lens.request.RequestedSweep;
import dev.stratalens.engine.lens.request.RequestedTarget;
import dev.stratalens.engine.lens.result.CellReadout;
import dev.stratalens.engine.lens.result.Interlude;
import dev.stratalens.engine.lens.result.LensListener;
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
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What must hold of changed passes whatever the numbers are: identities, the cone, the unchanged pass beside the changed one. */
class InterventionsTest {

    private static final int TOKEN = 7;
    private static final ParityCase GPT2 = ParityCases.named("gpt2");
    private static @Nullable LoadedModel gpt2;

    @BeforeAll
    static void load() {
        gpt2 = SitesParityTest.loaded(GPT2, Placer.PROCESSOR);
    }

    @AfterAll
    static void close() {
        model().close();
    }

    private static LoadedModel model() {
        if (gpt2 == null) {
            throw new AssertionError("not loaded");
        }
        return gpt2;
    }

    /** Collects both results and the effect. */
    private static final class Listener extends RecordingListener {

        private final RecordingListener unchanged = new RecordingListener();
        private @Nullable MeasuredEffect effect;

        @Override
        public LensListener unchanged() {
            return unchanged;
        }

        @Override
        public void effect(MeasuredEffect measured) {
            effect = measured;
        }

        MeasuredEffect effect() {
            if (effect == null) {
                throw new AssertionError("no effect came");
            }
            return effect;
        }
    }

    private static Rows rows(Site site) {
        Rows rows = Rows.at(site).positions(IndexRange.of(3), IndexRange.of(6));
        return site == Site.EMBEDDING ? rows : rows.layers(IndexRange.of(1));
    }

    private static RequestedPlan.Builder request(ParityCase parity, Rows rows, Operation operation) {
        return RequestedPlan.builder(new LensPrompt.TokenIds(parity.tokenIds()))
                .sites(List.of(Site.EMBEDDING, Site.ATTENTION_OUTPUT, Site.FEED_FORWARD_OUTPUT, Site.BLOCK_OUTPUT))
                .targets(List.of(new RequestedTarget.TokenId(TOKEN)))
                .interventions(List.of(new RequestedIntervention(rows, operation)));
    }

    private static LensPlan plan(LoadedModel lens, RequestedPlan request) {
        return LensPlanner.plan(request, lens.description(), lens.tokenizer(), lens.knownLenses())
                .plan();
    }

    private static Listener run(LoadedModel lens, RequestedPlan request) {
        var listener = new Listener();
        lens.run(plan(lens, request), listener, () -> false);
        return listener;
    }

    private static RequestedIntervention.ReplaceFrom fromItself() {
        return new RequestedIntervention.ReplaceFrom(Optional.empty(), OptionalInt.empty(), List.of());
    }

    @ParameterizedTest
    @EnumSource(Site.class)
    void patchingAPromptWithItselfIsTheIdentityToTheBit(Site site) {
        RequestedPlan.Builder asked = request(GPT2, rows(site), fromItself());
        List<CellReadout> changed = run(model(), asked.build()).layers;
        List<CellReadout> plain = run(model(), asked.interventions(List.of()).build()).layers;
        assertEquals(plain.size(), changed.size());
        for (int i = 0; i < plain.size(); i++) {
            assertArrayEquals(plain.get(i).logSumExps(), changed.get(i).logSumExps());
            assertArrayEquals(plain.get(i).topLogProbs(), changed.get(i).topLogProbs());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"llama", "gpt_neox", "gemma2", "granite", "qwen3_5", "nemotron_h", "mamba2", "deepseek_v3"})
    void patchingAPromptWithItselfIsTheIdentityInOtherFamilies(String name) {
        ParityCase parity = ParityCases.named(name);
        try (LoadedModel lens = SitesParityTest.loaded(parity, Placer.PROCESSOR)) {
            for (Site site : Site.values()) {
                List<Integer> having = IntStream.range(0, lens.description().blockCount())
                        .filter(block -> lens.description().sites().get(block).contains(site))
                        .boxed()
                        .toList();
                if (having.isEmpty()) {
                    continue;
                }
                Rows rows = Rows.at(site).positions(IndexRange.of(1, 4));
                RequestedPlan.Builder asked = RequestedPlan.builder(new LensPrompt.TokenIds(parity.tokenIds()))
                        .interventions(List.of(new RequestedIntervention(rows, fromItself())));
                List<CellReadout> changed = run(lens, asked.build()).layers;
                List<CellReadout> plain =
                        run(lens, asked.interventions(List.of()).build()).layers;
                assertClose(plain, changed, name + ", " + site);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Site.class)
    void whatIsOutsideTheConeIsAsItWasToTheBit(Site site) {
        RequestedPlan asked = request(GPT2, rows(site), new RequestedIntervention.Scale(3))
                .effect(new RequestedEffect(List.of(), true))
                .build();
        Listener found = run(model(), asked);
        LensPlan plan = plan(model(), asked);
        MeasuredEffect effect = found.effect();
        assertEquals(OptionalDouble.of(0), effect.largestUnreachedDifference());
        boolean moved = false;
        for (int point = 0; point < plan.readPoints().size(); point++) {
            int[] reached = effect.reached().get(point);
            for (int position = 0; position < plan.positions().length; position++) {
                float before = found.unchanged.layers.get(point).logSumExps()[position];
                float after = found.layers.get(point).logSumExps()[position];
                int here = position;
                if (IntStream.of(reached).noneMatch(each -> each == here)) {
                    assertEquals(before, after, plan.readPoints().get(point) + ", position " + position);
                } else {
                    moved |= before != after;
                }
            }
        }
        assertTrue(moved);
    }

    /** The cone of a change in block 1 at tokens 3 and 6. */
    @Test
    void theConeBeginsAtTheChangedRowsAndSpreadsToLaterTokens() {
        RequestedPlan asked = request(GPT2, rows(Site.FEED_FORWARD_OUTPUT), new RequestedIntervention.SetZero())
                .effect(new RequestedEffect(List.of(), false))
                .build();
        List<ReadPoint> points = plan(model(), asked).readPoints();
        List<int[]> reached = run(model(), asked).effect().reached();
        int[] later = IntStream.range(3, GPT2.tokens()).toArray();
        assertArrayEquals(new int[0], reached.get(points.indexOf(ReadPoint.EMBEDDING)));
        assertArrayEquals(new int[0], reached.get(points.indexOf(new ReadPoint(1, Site.ATTENTION_OUTPUT))));
        assertArrayEquals(new int[] {3, 6}, reached.get(points.indexOf(new ReadPoint(1, Site.FEED_FORWARD_OUTPUT))));
        assertArrayEquals(new int[] {3, 6}, reached.get(points.indexOf(ReadPoint.layer(1))));
        if (points.contains(ReadPoint.layer(2))) {
            assertArrayEquals(later, reached.get(points.indexOf(new ReadPoint(2, Site.ATTENTION_OUTPUT))));
        }
    }

    @Test
    void theUnchangedResultIsThatOfAPlainRequest() {
        RequestedPlan.Builder asked = request(GPT2, rows(Site.BLOCK_OUTPUT), new RequestedIntervention.Scale(2));
        Listener both =
                run(model(), asked.effect(new RequestedEffect(List.of(), true)).build());
        List<CellReadout> plain = run(
                        model(),
                        RequestedPlan.builder(new LensPrompt.TokenIds(GPT2.tokenIds()))
                                .sites(List.of(
                                        Site.EMBEDDING,
                                        Site.ATTENTION_OUTPUT,
                                        Site.FEED_FORWARD_OUTPUT,
                                        Site.BLOCK_OUTPUT))
                                .targets(List.of(new RequestedTarget.TokenId(TOKEN)))
                                .build())
                .layers;
        assertClose(plain, both.unchanged.layers, "unchanged");
        assertEquals(GPT2.tokens(), both.unchanged.targets().finalTopIds().length);
    }

    @Test
    void metricsAreThoseOfBothResults() {
        RequestedTarget token = new RequestedTarget.TokenId(TOKEN);
        RequestedTarget other = new RequestedTarget.TokenId(11);
        RequestedPlan asked = request(GPT2, rows(Site.BLOCK_OUTPUT), new RequestedIntervention.Scale(2))
                .targets(List.of(token, other))
                .effect(new RequestedEffect(
                        List.of(
                                metric(new RequestedEffect.Logit(token)),
                                metric(new RequestedEffect.LogProbability(token)),
                                metric(new RequestedEffect.LogitDifference(token, other)),
                                metric(new RequestedEffect.KlFromUnchanged()),
                                new RequestedEffect.Metric(
                                        new RequestedEffect.LogProbability(token), OptionalInt.of(3))),
                        true))
                .build();
        Listener found = run(model(), asked);
        List<MeasuredEffect.MetricPair> metrics = found.effect().metrics();
        int last = GPT2.tokens() - 1;
        for (boolean isChanged : new boolean[] {false, true}) {
            List<CellReadout> layers = isChanged ? found.layers : found.unchanged.layers;
            CellReadout output = layers.get(layers.size() - 1);
            double logProb = output.targetLogProbs()[2 * last];
            double otherLogProb = output.targetLogProbs()[2 * last + 1];
            assertEquals(logProb + output.logSumExps()[last], value(metrics.get(0), isChanged), 1e-3);
            assertEquals(logProb, value(metrics.get(1), isChanged), 1e-3);
            assertEquals(logProb - otherLogProb, value(metrics.get(2), isChanged), 1e-3);
            assertEquals(output.targetLogProbs()[6], value(metrics.get(4), isChanged), 1e-3);
        }
        assertEquals(0, metrics.get(3).unchanged(), 1e-9);
        assertTrue(metrics.get(3).changed() > 0);
    }

    private static double value(MeasuredEffect.MetricPair metric, boolean isChanged) {
        return isChanged ? metric.changed() : metric.unchanged();
    }

    private static RequestedEffect.Metric metric(RequestedEffect.Kind kind) {
        return new RequestedEffect.Metric(kind, OptionalInt.empty());
    }

    @Test
    void addingNothingChangesNothing() {
        var direction = new RequestedIntervention.TokenDirection(new RequestedTarget.TokenId(TOKEN), Optional.empty());
        assertAll(List.of(Measure.FACTOR, Measure.SHARE_OF_LENGTH).stream()
                .map(measure -> () ->
                        assertUnchanged(new RequestedIntervention.Add(direction, 0, measure, OptionalDouble.of(0.5)))));
    }

    /** A row of zeros but for two numbers, and a direction across them. */
    @Test
    void projectingAnOrthogonalDirectionOutChangesNothing() {
        int width = model().description().hiddenSize();
        var row = new float[width];
        row[0] = 3;
        row[1] = -2;
        var across = new float[width];
        across[0] = 2;
        across[1] = 3;
        Rows rows = rows(Site.BLOCK_OUTPUT);
        var set = new RequestedIntervention(rows, new RequestedIntervention.SetVector(row));
        var project = new RequestedIntervention(
                rows, new RequestedIntervention.ProjectOut(new RequestedIntervention.Vector(across)));
        RequestedPlan.Builder asked = RequestedPlan.builder(new LensPrompt.TokenIds(GPT2.tokenIds()));
        assertClose(
                run(model(), asked.interventions(List.of(set)).build()).layers,
                run(model(), asked.interventions(List.of(set, project)).build()).layers,
                "projected");
    }

    private static void assertUnchanged(Operation operation) {
        RequestedPlan.Builder asked = request(GPT2, rows(Site.BLOCK_OUTPUT), operation);
        assertClose(
                run(model(), asked.build()).layers,
                run(model(), asked.interventions(List.of()).build()).layers,
                operation.toString());
    }

    private static void assertClose(List<CellReadout> expected, List<CellReadout> actual, String what) {
        assertEquals(expected.size(), actual.size(), what);
        for (int i = 0; i < expected.size(); i++) {
            float[] values = expected.get(i).logSumExps();
            for (int position = 0; position < values.length; position++) {
                CellParity.assertClose(values[position], actual.get(i).logSumExps()[position], what);
            }
        }
    }

    /** Scaling by 2 and then setting is setting; setting and then scaling is not. */
    @Test
    void interventionsActInTheirOrder() {
        Rows rows = rows(Site.ATTENTION_OUTPUT);
        var set = new RequestedIntervention(rows, new RequestedIntervention.SetVector(vector()));
        var scale = new RequestedIntervention(rows, new RequestedIntervention.Scale(2));
        RequestedPlan.Builder asked = RequestedPlan.builder(new LensPrompt.TokenIds(GPT2.tokenIds()));
        float[] only = lastOf(asked.interventions(List.of(set)));
        assertArrayEquals(only, lastOf(asked.interventions(List.of(scale, set))));
        assertFalse(Arrays.equals(only, lastOf(asked.interventions(List.of(set, scale)))));
    }

    private static float[] vector() {
        var values = new float[model().description().hiddenSize()];
        for (int i = 0; i < values.length; i++) {
            values[i] = i % 5 - 2;
        }
        return values;
    }

    private static float[] lastOf(RequestedPlan.Builder request) {
        List<CellReadout> layers = run(model(), request.build()).layers;
        return layers.get(layers.size() - 1).logSumExps();
    }

    @Test
    void stagesGiveTheSameBits() {
        Placer stages = sizes -> Placement.inStages(
                IntStream.range(0, 2).mapToObj(Device::cpu).toList(),
                sizes.blocks().size());
        RequestedPlan asked = request(
                        GPT2,
                        Rows.at(Site.BLOCK_OUTPUT).positions(IndexRange.of(2)),
                        new RequestedIntervention.ReplaceFrom(
                                Optional.empty(), OptionalInt.of(0), List.of(IndexRange.of(4))))
                .effect(new RequestedEffect(List.of(metric(new RequestedEffect.KlFromUnchanged())), false))
                .build();
        try (LoadedModel two = SitesParityTest.loaded(GPT2, stages)) {
            Listener one = run(model(), asked);
            Listener other = run(two, asked);
            for (int i = 0; i < one.layers.size(); i++) {
                assertArrayEquals(
                        one.layers.get(i).topLogProbs(), other.layers.get(i).topLogProbs());
            }
            assertEquals(one.effect().metrics(), other.effect().metrics());
        }
    }

    @Test
    void aPlanBesideAChangedOneIsAsItWas() {
        LensPlan plain = plan(
                model(),
                RequestedPlan.builder(new LensPrompt.TokenIds(GPT2.tokenIds())).build());
        LensPlan changed = plan(
                model(),
                request(GPT2, rows(Site.BLOCK_OUTPUT), new RequestedIntervention.Scale(5))
                        .build());
        var first = new RecordingPlan(changed);
        var second = new RecordingPlan(plain);
        var alone = new RecordingListener();
        model().run(List.of(first.wanted(), second.wanted()), Interlude.NONE);
        model().run(List.of(new WantedPlan(plain, alone, () -> false)), Interlude.NONE);
        assertClose(alone.layers, second.results.layers, "beside a changed plan");
    }

    @Test
    void aRowThatBecomesTooLargeIsToldByName() {
        var plan = new RecordingPlan(plan(
                model(),
                RequestedPlan.builder(new LensPrompt.TokenIds(GPT2.tokenIds()))
                        .interventions(IntStream.range(0, 12)
                                .mapToObj(i -> new RequestedIntervention(
                                        rows(Site.BLOCK_OUTPUT), new RequestedIntervention.Scale(1e6)))
                                .toList())
                        .build()));
        model().run(List.of(plan.wanted()), Interlude.NONE);
        var failure = assertInstanceOf(InvalidFieldException.class, plan.failure());
        assertEquals("interventions", failure.field());
    }

    @Test
    void aCanceledPlanEndsInThePassOverItsSource() {
        LensPlan asked = plan(
                model(), request(GPT2, rows(Site.BLOCK_OUTPUT), fromItself()).build());
        var plan = new RecordingPlan(asked);
        plan.cancelAfterBlock(0);
        model().run(List.of(plan.wanted()), Interlude.NONE);
        assertInstanceOf(LensCanceledException.class, plan.failure());
        assertTrue(plan.results.layers.isEmpty());
    }

    /** What a changed plan takes beside a plain one is admitted with it. */
    @Test
    void theUnchangedPassSourcesAndASweepNeedMemory() {
        RequestedPlan.Builder asked = request(GPT2, rows(Site.BLOCK_OUTPUT), fromItself());
        long changed = model().memoryNeed(plan(model(), asked.build()));
        long both = model().memoryNeed(plan(
                model(), asked.effect(new RequestedEffect(List.of(), true)).build()));
        LensPlan sweep = plan(
                model(),
                RequestedPlan.builder(new LensPrompt.TokenIds(GPT2.tokenIds()))
                        .sweep(new RequestedSweep(
                                new RequestedIntervention(rows(Site.BLOCK_OUTPUT), fromItself()),
                                RequestedSweep.Heads.TOGETHER,
                                metric(new RequestedEffect.KlFromUnchanged())))
                        .build());
        long plain = model().memoryNeed(plan(
                model(),
                RequestedPlan.builder(new LensPrompt.TokenIds(GPT2.tokenIds()))
                        .sites(List.of(
                                Site.EMBEDDING, Site.ATTENTION_OUTPUT, Site.FEED_FORWARD_OUTPUT, Site.BLOCK_OUTPUT))
                        .targets(List.of(new RequestedTarget.TokenId(TOKEN)))
                        .build()));

        assertTrue(plain < changed, plain + " " + changed);
        assertTrue(changed < both, changed + " " + both);
        assertTrue(plain < model().memoryNeed(sweep), plain + " " + model().memoryNeed(sweep));
    }

    @Test
    void passesLeaveNoTensorsBehind() {
        RequestedPlan asked = request(GPT2, rows(Site.ATTENTION_HEADS), fromItself())
                .effect(new RequestedEffect(List.of(metric(new RequestedEffect.KlFromUnchanged())), true))
                .build();
        run(model(), asked);
        int open = model().openTensors();
        run(model(), asked);
        assertEquals(open, model().openTensors());
    }
}
