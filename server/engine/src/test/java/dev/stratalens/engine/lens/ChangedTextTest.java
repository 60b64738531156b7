package dev.stratalens.engine.lens;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stratalens.engine.error.InvalidFieldException;
import dev.stratalens.engine.lens.generation.GenerationPlan;
import dev.stratalens.engine.lens.generation.GenerationPlanner;
import dev.stratalens.engine.lens.generation.RequestedGeneration;
import dev.stratalens.engine.lens.generation.RequestedGeneration.EndTokenRule;
import dev.stratalens.engine.lens.plan.Interventions;
import dev.stratalens.engine.lens.plan.LensPlan;
import dev.stratalens.engine.lens.plan.LensPlanner;
import dev.stratalens.engine.lens.request.CandidateRule;
import dev.stratalens.engine.lens.request.IndexRange;
import dev.stratalens.engine.lens.request.LensPrompt;
import dev.stratalens.engine.lens.request.RequestedEffect;
import dev.stratalens.engine.lens.request.RequestedIntervention;
import dev.stratalens.engine.lens.request.RequestedIntervention.GeneratedTokens;
import dev.stratalens.engine.lens.request.RequestedIntervention.Measure;
import dev.stratalens.engine.lens.request.RequestedIntervention.Operation;
import dev.stratalens.engine.lens.request.RequestedIntervention.PromptRows;
import dev.stratalens.engine.lens.request.RequestedIntervention.Rows;
import dev.stratalens.engine.lens.request.RequestedLens;
import dev.stratalens.engine.lens.request.RequestedPlan;
import dev.stratalens.engine.lens.request.RequestedTarget;
import dev.stratalens.engine.lens.result.Interlude;
import dev.stratalens.engine.model.site.Site;
import dev.stratalens.engine.model.weight.Placer;
import dev.stratalens.engine.parity.ParityCase;
import dev.stratalens.engine.parity.ParityCases;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A text that is written with changed rows has the cells of an analysis of prompt and text with the same changes. */
class ChangedTextTest {

    private static final int TOKENS = 4;
    private static final GenerationPlan OPTIONS = GenerationTest.greedy(TOKENS);
    private static final ParityCase LLAMA = ParityCases.named("llama");
    private static @Nullable LoadedModel llama;

    @BeforeAll
    static void load() {
        llama = SitesParityTest.loaded(LLAMA, Placer.PROCESSOR);
    }

    @AfterAll
    static void close() {
        model().close();
    }

    private static LoadedModel model() {
        if (llama == null) {
            throw new AssertionError("not loaded");
        }
        return llama;
    }

    /** All kinds but those of several residual streams, which have no row to change. */
    static Stream<String> kinds() {
        return GenerationTest.kinds().filter(name -> !name.equals("gemma3n_text") && !name.equals("deepseek_v4"));
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void theCellsAreThoseOfAnAnalysisWithTheSameChanges(String name) {
        ParityCase parity = ParityCases.named(name);
        try (LoadedModel lens = SitesParityTest.loaded(parity, Placer.PROCESSOR)) {
            assertAreAnalyses(lens, parity.tokenIds(), changes(lens));
        }
    }

    /**
     * Each operation at some site, and each site that the model has, with each choice of generated tokens; and none. They are written
     * together, so none may reach another.
     */
    private static List<List<RequestedIntervention>> changes(LoadedModel lens) {
        int width = lens.description().hiddenSize();
        var vector = new RequestedIntervention.Vector(numbers(width));
        LensPrompt source = new LensPrompt.TokenIds(new int[] {3, 8, 2, 6});
        var some = new PromptRows(List.of(source), List.of(IndexRange.of(1, 2)));
        var other = new PromptRows(List.of(source), List.of(IndexRange.of(3)));
        var token = new RequestedIntervention.TokenDirection(new RequestedTarget.TokenId(7), Optional.empty());
        Rows layer = Rows.at(Site.BLOCK_OUTPUT).layers(IndexRange.of(0));
        List<List<RequestedIntervention>> all = new ArrayList<>(List.of(
                List.of(),
                List.of(at(layer, GeneratedTokens.ALSO, share(token, 0.7))),
                List.of(at(layer, GeneratedTokens.ONLY, share(vector, 0.5))),
                List.of(at(layer.positions(IndexRange.of(2)), GeneratedTokens.NONE, share(vector, 0.5))),
                List.of(at(layer, GeneratedTokens.ALSO, new RequestedIntervention.SkipBlock())),
                List.of(at(layer, GeneratedTokens.ONLY, new RequestedIntervention.SkipBlock())),
                List.of(at(layer, GeneratedTokens.ALSO, new RequestedIntervention.ProjectOut(token))),
                List.of(
                        at(layer, GeneratedTokens.ONLY, new RequestedIntervention.Swap(token, vector)),
                        at(
                                layer.positions(IndexRange.of(1)),
                                GeneratedTokens.ALSO,
                                new RequestedIntervention.Scale(0.9))),
                List.of(at(layer, GeneratedTokens.ONLY, new RequestedIntervention.SetMean(some))),
                List.of(at(layer, GeneratedTokens.ALSO, share(new RequestedIntervention.Difference(some, other), 0.4))),
                List.of(at(
                        Rows.at(Site.EMBEDDING).positions(IndexRange.of(3)),
                        GeneratedTokens.ALSO,
                        new RequestedIntervention.ReplaceFrom(
                                Optional.of(source), OptionalInt.empty(), List.of(IndexRange.of(2)))))));
        for (Site site : Site.INSIDE) {
            IntStream.range(0, lens.description().blockCount())
                    .filter(block -> lens.description().sites().get(block).contains(site))
                    .limit(2)
                    .forEach(block -> {
                        Rows rows = Rows.at(site).layers(IndexRange.of(block));
                        all.add(List.of(at(rows, GeneratedTokens.ALSO, new RequestedIntervention.Scale(0.8))));
                        all.add(List.of(at(rows, GeneratedTokens.ONLY, new RequestedIntervention.SetZero())));
                    });
        }
        return all;
    }

    private static Operation share(RequestedIntervention.Direction direction, double share) {
        return new RequestedIntervention.Add(direction, share, Measure.SHARE_OF_LENGTH, OptionalDouble.empty());
    }

    private static RequestedIntervention at(Rows rows, GeneratedTokens generated, Operation operation) {
        return new RequestedIntervention(
                new Rows(
                        rows.site(),
                        rows.layers(),
                        rows.positions(),
                        rows.heads(),
                        generated != GeneratedTokens.ONLY,
                        generated),
                operation);
    }

    private static float[] numbers(int width) {
        var values = new float[width];
        for (int i = 0; i < width; i++) {
            values[i] = (i * 7 % 17 - 8) / 4f;
        }
        return values;
    }

    /** Of a prompt that is analyzed: the positions that were changed as prompt or as generated tokens. */
    private static RequestedIntervention analyzed(RequestedIntervention written, int prompt, int all) {
        Rows rows = written.rows();
        int[] positions = IntStream.range(0, all)
                .filter(position -> position >= prompt
                        ? rows.generated() != GeneratedTokens.NONE
                        : rows.generated() != GeneratedTokens.ONLY
                                && !(rows.skipsFirstToken() && position == 0)
                                && (rows.positions().isEmpty()
                                        || rows.positions().contains(IndexRange.of(position))))
                .toArray();
        return new RequestedIntervention(
                Rows.at(rows.site())
                        .layers(rows.layers().toArray(IndexRange[]::new))
                        .heads(rows.heads().toArray(IndexRange[]::new))
                        .positions(
                                IntStream.of(positions).mapToObj(IndexRange::of).toArray(IndexRange[]::new)),
                written.operation());
    }

    private static void assertAreAnalyses(LoadedModel lens, int[] prompt, List<List<RequestedIntervention>> changes) {
        List<LensPlan> prompts = changes.stream()
                .map(each -> written(lens, GenerationTest.everything(prompt).interventions(each)))
                .toList();
        List<WrittenText> texts = WrittenText.together(lens, prompts, OPTIONS);
        List<RecordingPlan> whole = IntStream.range(0, texts.size())
                .mapToObj(i -> new RecordingPlan(plan(
                        lens,
                        GenerationTest.everything(texts.get(i).after(prompt))
                                .interventions(changes.get(i).stream()
                                        .map(each -> analyzed(each, prompt.length, prompt.length + TOKENS))
                                        .toList()))))
                .toList();
        lens.run(whole.stream().map(RecordingPlan::wanted).toList(), Interlude.NONE);
        boolean moved = false;
        for (int i = 0; i < whole.size(); i++) {
            whole.get(i).outcome();
            WrittenParity.assertIsAnalysis(
                    whole.get(i).wanted().plan(), whole.get(i).results, prompt.length, texts.get(i));
            moved |= last(texts.get(i)) != last(texts.get(0));
        }
        assertTrue(moved, "nothing was changed");
    }

    private static float last(WrittenText text) {
        RecordingListener row = text.rows.get(TOKENS);
        return row.layers.get(row.layers.size() - 1).logSumExps()[0];
    }

    private static LensPlan written(LoadedModel lens, RequestedPlan.Builder request) {
        return LensPlanner.planWriting(request.build(), lens.description(), lens.tokenizer(), lens.knownLenses())
                .plan();
    }

    private static LensPlan plan(LoadedModel lens, RequestedPlan.Builder request) {
        return LensPlanner.plan(request.build(), lens.description(), lens.tokenizer(), lens.knownLenses())
                .plan();
    }

    @Test
    void aTextBesideAChangedOneIsWhatItIsAlone() {
        List<LensPlan> prompts = Stream.<List<RequestedIntervention>>of(
                        List.of(),
                        List.of(at(
                                Rows.at(Site.BLOCK_OUTPUT), GeneratedTokens.ALSO, new RequestedIntervention.Scale(-3))))
                .map(changes -> written(
                        model(), GenerationTest.everything(LLAMA.tokenIds()).interventions(changes)))
                .toList();
        List<WrittenText> together = WrittenText.together(model(), prompts, OPTIONS);
        assertArrayEquals(
                WrittenText.of(model(), prompts.get(0), OPTIONS).ids(),
                together.get(0).ids());
        assertArrayEquals(
                WrittenText.of(model(), prompts.get(1), OPTIONS).ids(),
                together.get(1).ids());
    }

    /** Later passes have what the first one found: they run no source prompt again, and need no memory for one. */
    @Test
    void sourcesArePassedOnce() {
        LensPrompt source = new LensPrompt.TokenIds(new int[] {3, 8, 2, 6});
        var mean = new RequestedIntervention.SetMean(new PromptRows(List.of(source), List.of()));
        LensPlan prompt = written(
                model(),
                GenerationTest.everything(LLAMA.tokenIds())
                        .interventions(List.of(at(Rows.at(Site.BLOCK_OUTPUT), GeneratedTokens.ALSO, mean))));
        Interventions later = prompt.interventions().ofGenerated();
        assertEquals(1, later.changes().size());
        assertEquals(0, later.changes().get(0).positions().length);
        assertEquals(List.of(), later.sources());
        WrittenText text = WrittenText.of(model(), prompt, OPTIONS);
        // A block of the source, then those of the prompt; of a token, its blocks alone.
        int blocks = model().description().blockCount();
        assertTrue(text.rows.get(0).blocksDone.size() > blocks + 1);
        assertEquals(blocks + 1, text.rows.get(1).blocksDone.size());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void nothingIsLeftBehind(boolean changes) {
        var zero = at(Rows.at(Site.ATTENTION_HEADS), GeneratedTokens.ALSO, new RequestedIntervention.SetZero());
        LensPlan prompt = written(
                model(),
                GenerationTest.everything(LLAMA.tokenIds()).interventions(changes ? List.of(zero) : List.of()));
        WrittenText.of(model(), prompt, OPTIONS);
        int before = model().openTensors();
        WrittenText.of(model(), prompt, OPTIONS);
        assertEquals(before, model().openTensors());
    }

    @Test
    void eachTokenHasThePredictionsOfEachRule() {
        List<CandidateRule> rules = List.of(
                new CandidateRule.Words(),
                new CandidateRule.LeastLikely(),
                new CandidateRule.LayerContrast(0),
                new CandidateRule.LensContrast(1));
        List<LensPlan> prompts = rules.stream()
                .map(rule -> written(model(), withRule(LLAMA.tokenIds(), rule)))
                .toList();
        List<WrittenText> texts = WrittenText.together(model(), prompts, OPTIONS);
        int[] plain = WrittenText.of(model(), written(model(), GenerationTest.everything(LLAMA.tokenIds())), OPTIONS)
                .ids();
        for (int i = 0; i < rules.size(); i++) {
            WrittenText text = texts.get(i);
            assertArrayEquals(plain, text.ids(), "the rule chooses what is shown, not what is written");
            var whole = new RecordingListener();
            LensPlan plan = plan(model(), withRule(text.after(LLAMA.tokenIds()), rules.get(i)));
            model().run(plan, whole, () -> false);
            WrittenParity.assertIsAnalysis(plan, whole, LLAMA.tokens(), text);
        }
    }

    private static RequestedPlan.Builder withRule(int[] ids, CandidateRule rule) {
        return GenerationTest.everything(ids)
                .lenses(List.of(new RequestedLens.Logit(), new RequestedLens.Raw()))
                .candidates(rule);
    }

    @Test
    void whatCannotBeMeantIsRefused() {
        var from = new RequestedIntervention.ReplaceFrom(
                Optional.of(new LensPrompt.TokenIds(new int[] {1, 2})), OptionalInt.empty(), List.of());
        Rows one = Rows.at(Site.BLOCK_OUTPUT).positions(IndexRange.of(0));
        assertRefused("interventions[0].replace_from.positions", changed(one, GeneratedTokens.ALSO, from));
        assertRefused(
                "interventions[0].rows.positions",
                changed(one, GeneratedTokens.ONLY, new RequestedIntervention.SetZero()));
        RequestedPlan.Builder effect = changed(
                        Rows.at(Site.BLOCK_OUTPUT), GeneratedTokens.ALSO, new RequestedIntervention.SetZero())
                .effect(new RequestedEffect(List.of(), false));
        LensPlan plan = written(model(), effect);
        var refused = assertThrows(
                InvalidFieldException.class,
                () -> GenerationPlanner.plan(
                        new RequestedGeneration(
                                OptionalInt.of(1), Optional.empty(), List.of(), List.of(), EndTokenRule.STOP),
                        plan,
                        model().description(),
                        Set.of()));
        assertEquals("effect", refused.field());
        // Nothing is generated by an analysis.
        assertEquals(
                "interventions[0].rows.generated",
                assertThrows(
                                InvalidFieldException.class,
                                () -> plan(
                                        model(),
                                        changed(
                                                Rows.at(Site.BLOCK_OUTPUT),
                                                GeneratedTokens.ONLY,
                                                new RequestedIntervention.SetZero())))
                        .field());
    }

    private static RequestedPlan.Builder changed(Rows rows, GeneratedTokens generated, Operation operation) {
        return RequestedPlan.builder(new LensPrompt.TokenIds(LLAMA.tokenIds()))
                .interventions(List.of(new RequestedIntervention(
                        new Rows(rows.site(), rows.layers(), rows.positions(), rows.heads(), false, generated),
                        operation)));
    }

    private static void assertRefused(String field, RequestedPlan.Builder request) {
        var refused = assertThrows(InvalidFieldException.class, () -> written(model(), request));
        assertEquals(field, refused.field());
    }
}
