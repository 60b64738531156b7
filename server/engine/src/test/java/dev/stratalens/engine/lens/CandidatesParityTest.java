package dev.stratalens.engine.lens;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stratalens.engine.error.InvalidFieldException;
import dev.stratalens.engine.fake.FakeTokenizer;
import dev.stratalens.engine.lens.kernel.HeadForm;
import dev.stratalens.engine.lens.kernel.HeadKernel;
import dev.stratalens.engine.lens.kernel.TileGeometry;
import dev.stratalens.engine.lens.plan.LensPlan;
import dev.stratalens.engine.lens.plan.LensPlanner;
import dev.stratalens.engine.lens.reading.Lenses;
import dev.stratalens.engine.lens.request.CandidateRule;
import dev.stratalens.engine.lens.request.CandidateRule.Contrast;
import dev.stratalens.engine.lens.request.IndexRange;
import dev.stratalens.engine.lens.request.LensPrompt;
import dev.stratalens.engine.lens.request.RequestedLens;
import dev.stratalens.engine.lens.request.RequestedPlan;
import dev.stratalens.engine.lens.result.CellReadout;
import dev.stratalens.engine.lens.result.Interlude;
import dev.stratalens.engine.lens.result.WantedPlan;
import dev.stratalens.engine.model.CausalLanguageModel;
import dev.stratalens.engine.model.weight.Placer;
import dev.stratalens.engine.parity.ParityCase;
import dev.stratalens.engine.parity.ParityCases;
import dev.stratalens.engine.parity.TensorFile;
import dev.stratalens.engine.text.TokenSet;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.IntPredicate;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Compares the predictions of every rule with what follows from all logits that transformers gives. */
class CandidatesParityTest {

    private static final int TOP_K = 10;
    private static final RequestedLens LOGIT = new RequestedLens.Logit();
    private static final RequestedLens TUNED = new RequestedLens.Transport("tuned");

    /** The forms of the head, with tiles that divide neither rows nor vocabulary. */
    private enum Reading {
        ONE_TILE(HeadForm.PROCESSOR, 256, 4096),
        SMALL_TILES(HeadForm.PROCESSOR, 5, 67),
        CARD(HeadForm.DEVICE, 5, 67);

        private final HeadForm form;
        private final int rows;
        private final int tokens;

        Reading(HeadForm form, int rows, int tokens) {
            this.form = form;
            this.rows = rows;
            this.tokens = tokens;
        }

        private TileGeometry tiles() {
            return new TileGeometry(rows, tokens);
        }
    }

    @ParameterizedTest
    @EnumSource
    void everyRuleAgreesWithTransformers(Reading reading) {
        ParityCase parity = ParityCases.named("gpt2");
        ParityCase tuned = tuned(parity);
        try (CausalLanguageModel model = FittedLensParityTest.model(parity, Placer.PROCESSOR);
                Lenses lenses = FittedLensParityTest.lenses(model, FittedLensParityTest.fitted("gpt2"));
                HeadKernel kernel = reading.form.of(model.head(), reading.tiles())) {
            var lens = new LoadedModel("gpt2", model, new FakeTokenizer(), kernel, lenses, 2);
            TokenSet words = lens.tokenizer().words();
            assertAll(
                    () -> assertRule(parity, lens, new CandidateRule.Words(), (layer, position) -> {
                        float[] logits = parity.logits(layer, position);
                        return Expected.within(logits, words::contains, id -> logits[id]);
                    }),
                    () -> assertRule(parity, lens, new CandidateRule.LeastLikely(), (layer, position) -> {
                        float[] logits = parity.logits(layer, position);
                        return Expected.within(logits, id -> true, id -> -logits[id]);
                    }),
                    () -> assertRule(
                            parity,
                            lens,
                            new CandidateRule.LayerContrast(0),
                            (layer, position) ->
                                    Expected.contrast(parity.logits(layer, position), parity.logits(0, position))),
                    () -> assertLensContrast(parity, tuned, lens));
        }
    }

    private interface Cells {
        Expected at(int layer, int position);
    }

    /**
     * What a cell's predictions follow from.
     *
     * @param logits all logits
     * @param sure tokens among which the others are chosen, unless rounding decides
     * @param possible the same, with those of which rounding decides
     * @param score by which they are chosen
     */
    private record Expected(float[] logits, IntPredicate sure, IntPredicate possible, IntToDoubleFunction score) {

        static Expected within(float[] logits, IntPredicate allowed, IntToDoubleFunction score) {
            return new Expected(logits, allowed, allowed, score);
        }

        static Expected contrast(float[] logits, float[] reference) {
            float[] sorted = logits.clone();
            Arrays.sort(sorted);
            float least = sorted[sorted.length - Contrast.AMONG];
            return new Expected(
                    logits,
                    id -> logits[id] > least + CellParity.TIE,
                    id -> logits[id] >= least - CellParity.TIE,
                    id -> logits[id] - reference[id]);
        }
    }

    private static void assertRule(ParityCase parity, LoadedModel lens, CandidateRule rule, Cells cells) {
        LensPlan plan = plan(parity, lens, List.of(LOGIT), rule);
        for (CellReadout readout : run(lens, plan).layers) {
            for (int position : parity.logitPositions()) {
                int layer = plan.readPoints().get(readout.readPoint()).block();
                assertCell(cells.at(layer, position), readout, position, "%s, layer %d".formatted(rule, layer));
            }
        }
    }

    private static void assertLensContrast(ParityCase parity, ParityCase tuned, LoadedModel lens) {
        LensPlan plan = plan(parity, lens, List.of(LOGIT, TUNED), new CandidateRule.LensContrast(0));
        for (CellReadout readout : run(lens, plan).layers) {
            int layer = plan.readPoints().get(readout.readPoint()).block();
            for (int position : tuned.logitPositions()) {
                float[] reference = parity.logits(layer, position);
                // The recorded values of the lens have a row for the embedding, too.
                float[] logits = readout.lens() == 0 ? reference : tuned.logits(layer, position);
                String what = "lens %d, layer %d".formatted(readout.lens(), layer);
                if (readout.lens() == 0 || layer == parity.layers() - 1) {
                    // The reference itself: nothing gained, so these are the most likely tokens.
                    assertCell(Expected.within(logits, id -> true, id -> logits[id]), readout, position, what);
                } else {
                    assertCell(Expected.contrast(logits, reference), readout, position, what);
                }
            }
        }
    }

    private static void assertCell(Expected expected, CellReadout readout, int position, String what) {
        float[] logits = expected.logits();
        int[] ids = Arrays.copyOfRange(readout.topIds(), position * TOP_K, (position + 1) * TOP_K);
        double logSumExp = Math.log(IntStream.range(0, logits.length)
                .mapToDouble(id -> Math.exp(logits[id]))
                .sum());
        for (int i = 0; i < TOP_K; i++) {
            float logProb = readout.topLogProbs()[position * TOP_K + i];
            CellParity.assertClose((float) (logits[ids[i]] - logSumExp), logProb, what);
            assertTrue(i == 0 || logProb <= readout.topLogProbs()[position * TOP_K + i - 1], what + ": order");
        }
        int best = ids[0];
        assertTrue(logits[best] >= max(logits, id -> true, id -> logits[id]) - CellParity.TIE, what + ": best");
        List<Integer> others = Arrays.stream(ids).skip(1).boxed().toList();
        assertEquals(TOP_K - 1, others.stream().distinct().count(), what);
        double leastChosen = others.stream()
                .mapToDouble(id -> expected.score().applyAsDouble(id))
                .min()
                .orElseThrow();
        double mostLeftOut =
                max(logits, id -> id != best && expected.sure().test(id) && !others.contains(id), expected.score());
        assertTrue(leastChosen >= mostLeftOut - 2 * CellParity.TIE, what + ": " + leastChosen + " < " + mostLeftOut);
        assertTrue(others.stream().allMatch(id -> expected.possible().test(id)), what + ": " + others);
    }

    private static double max(float[] logits, IntPredicate allowed, IntToDoubleFunction score) {
        return IntStream.range(0, logits.length)
                .filter(allowed)
                .mapToDouble(score)
                .max()
                .orElse(Double.NEGATIVE_INFINITY);
    }

    /** Prompts with different rules may share a pass. */
    @Test
    void plansOfOnePassHaveEachTheirOwnRule() {
        ParityCase parity = ParityCases.named("gpt2");
        try (LoadedModel lens = SitesParityTest.loaded(parity, Placer.PROCESSOR)) {
            List<LensPlan> plans = Stream.of(
                            new CandidateRule.MostLikely(),
                            new CandidateRule.Words(),
                            new CandidateRule.LeastLikely(),
                            new CandidateRule.LayerContrast(0))
                    .map(rule -> plan(parity, lens, List.of(LOGIT), rule))
                    .toList();
            List<RecordingListener> together =
                    plans.stream().map(plan -> new RecordingListener()).toList();
            lens.run(
                    IntStream.range(0, plans.size())
                            .mapToObj(i -> new WantedPlan(plans.get(i), together.get(i), () -> false))
                            .toList(),
                    Interlude.NONE);
            for (int i = 0; i < plans.size(); i++) {
                RecordingListener alone = run(lens, plans.get(i));
                for (int layer = 0; layer < alone.layers.size(); layer++) {
                    assertArrayEquals(
                            alone.layers.get(layer).topIds(),
                            together.get(i).layers.get(layer).topIds());
                }
            }
        }
    }

    @Test
    void whatACellWouldNotHaveIsRefused() {
        ParityCase parity = ParityCases.named("gpt2");
        try (CausalLanguageModel model = FittedLensParityTest.model(parity, Placer.PROCESSOR);
                Lenses lenses = FittedLensParityTest.lenses(model, FittedLensParityTest.fitted("gpt2"));
                HeadKernel kernel = HeadForm.PROCESSOR.of(model.head(), new TileGeometry(64, 256))) {
            var lens = new LoadedModel("gpt2", model, new FakeTokenizer(), kernel, lenses, 2);
            assertRefused("candidates.contrast.lens", parity, lens, new CandidateRule.LensContrast(2));
            assertRefused("candidates.contrast.block", parity, lens, new CandidateRule.LayerContrast(99));
            var tooMany = assertThrows(
                    InvalidFieldException.class,
                    () -> plan(
                            request(parity)
                                    .topK(30)
                                    .candidates(new CandidateRule.Words())
                                    .build(),
                            lens));
            assertEquals("top_k", tooMany.field());
            // The tuned lens reads the embedding, and the Jacobian lens has no map for it.
            RequestedPlan gap = request(parity)
                    .allSites()
                    .lenses(List.of(TUNED, new RequestedLens.Transport("jacobian")))
                    .candidates(new CandidateRule.LensContrast(1))
                    .build();
            var refusal = assertThrows(InvalidFieldException.class, () -> plan(gap, lens));
            assertTrue(refusal.getMessage().contains("embedding"), refusal.getMessage());
        }
    }

    private static void assertRefused(String field, ParityCase parity, LoadedModel lens, CandidateRule rule) {
        var refusal = assertThrows(InvalidFieldException.class, () -> plan(parity, lens, List.of(LOGIT, TUNED), rule));
        assertEquals(field, refusal.field());
    }

    private static RecordingListener run(LoadedModel lens, LensPlan plan) {
        var result = new RecordingListener();
        lens.run(plan, result, () -> false);
        return result;
    }

    private static RequestedPlan.Builder request(ParityCase parity) {
        return RequestedPlan.builder(new LensPrompt.TokenIds(parity.tokenIds())).topK(TOP_K);
    }

    private static LensPlan plan(ParityCase parity, LoadedModel lens, List<RequestedLens> lenses, CandidateRule rule) {
        List<IndexRange> all = List.of(new IndexRange(OptionalInt.of(0), OptionalInt.of(-1), OptionalInt.of(1)));
        return plan(request(parity).lenses(lenses).layers(all).candidates(rule).build(), lens);
    }

    private static LensPlan plan(RequestedPlan request, LoadedModel lens) {
        return LensPlanner.plan(request, lens.description(), lens.tokenizer(), lens.knownLenses())
                .plan();
    }

    private static ParityCase tuned(ParityCase parity) {
        TensorFile values = TensorFile.of(FittedLensParityTest.folder("gpt2").resolve("tuned.expected.safetensors"));
        return new ParityCase("gpt2, tuned", parity.directory(), parity.modelDirectory(), "", values);
    }
}
