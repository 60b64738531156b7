package dev.stratalens.engine.lens.plan;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stratalens.engine.error.InvalidFieldException;
import dev.stratalens.engine.error.InvalidFieldException.Problem;
import dev.stratalens.engine.error.PromptTooLongException;
import dev.stratalens.engine.fake.FakeModel;
import dev.stratalens.engine.fake.FakeTokenizer;
import dev.stratalens.engine.fake.ReadPoints;
import dev.stratalens.engine.lens.request.IndexRange;
import dev.stratalens.engine.lens.request.LensPrompt;
import dev.stratalens.engine.lens.request.LensPrompt.SpecialTokens;
import dev.stratalens.engine.lens.request.RequestedLens;
import dev.stratalens.engine.lens.request.RequestedPlan;
import dev.stratalens.engine.lens.request.RequestedTarget;
import dev.stratalens.engine.lens.request.Statistic;
import dev.stratalens.engine.model.site.Site;
import dev.stratalens.engine.text.ChatMessage;
import dev.stratalens.engine.text.ChatTemplate.Ending;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class LensPlannerTest {

    private static final LensPrompt PROMPT = new LensPrompt.Text("hello", SpecialTokens.TOKENIZER_DEFAULT);
    private static final int LAST_BLOCK = FakeModel.BLOCKS - 1;
    private static final int LAST_ID = FakeModel.VOCABULARY - 1;

    @Test
    void readsEverythingByDefault() {
        LensPlan plan = plan(request -> request);

        assertArrayEquals(new int[] {FakeTokenizer.BOS, 'h', 'e', 'l', 'l', 'o'}, plan.tokenIds());
        assertEquals(ReadPoints.layers(0, 1, 2, 3, 4, 5), plan.readPoints());
        assertArrayEquals(new int[] {0, 1, 2, 3, 4, 5}, plan.positions());
        assertEquals(5, plan.topK());
        assertTrue(plan.targets().isEmpty());
        assertTrue(plan.statistics().isEmpty());
        assertTrue(plan.minimumPeak().isEmpty());
        assertEquals(List.of(new RequestedLens.Logit()), plan.lenses());
    }

    @Test
    void leavesOutSpecialTokensWhenAsked() {
        LensPrompt bare = new LensPrompt.Text("hi", SpecialTokens.NONE);

        assertArrayEquals(
                new int[] {'h', 'i'},
                plan(RequestedPlan.builder(bare).build()).plan().tokenIds());
    }

    @Test
    void keepsByteRangesOfATextAndHasNoneForIds() {
        PlannedRequest text = plan(RequestedPlan.builder(PROMPT).build());
        PlannedRequest ids = plan(
                RequestedPlan.builder(new LensPrompt.TokenIds(new int[] {3, 1})).build());

        assertArrayEquals(new int[] {0, 0, 1, 2, 3, 4}, text.prompt().starts());
        assertArrayEquals(new int[] {3, 1}, ids.plan().tokenIds());
        assertEquals(0, ids.prompt().starts().length);
    }

    static Stream<Arguments> ranges() {
        return Stream.of(
                Arguments.of(List.of(IndexRange.of(4), IndexRange.of(0)), new int[] {0, 4}),
                Arguments.of(List.of(IndexRange.of(1, 3)), new int[] {1, 2, 3}),
                Arguments.of(List.of(IndexRange.everyNth(4)), new int[] {0, 4, 5}),
                Arguments.of(List.of(range(OptionalInt.of(0), OptionalInt.of(4), 3)), new int[] {0, 3, 4}),
                Arguments.of(List.of(range(OptionalInt.of(2), OptionalInt.empty(), 1)), new int[] {2, 3, 4, 5}),
                Arguments.of(
                        List.of(range(OptionalInt.of(1), OptionalInt.empty(), Integer.MAX_VALUE)), new int[] {1, 5}),
                Arguments.of(List.of(IndexRange.of(5)), new int[] {5}),
                Arguments.of(List.of(IndexRange.of(-1)), new int[] {5}),
                Arguments.of(List.of(IndexRange.of(-6), IndexRange.of(-3, -2)), new int[] {0, 3, 4}),
                Arguments.of(List.of(IndexRange.of(2, -2)), new int[] {2, 3, 4}),
                Arguments.of(List.of(IndexRange.of(-3, 4)), new int[] {3, 4}));
    }

    @ParameterizedTest
    @MethodSource("ranges")
    void resolvesRangesOfLayersAndPositionsAlike(List<IndexRange> ranges, int[] expected) {
        LensPlan plan = plan(request -> request.layers(ranges).positions(ranges));

        assertEquals(ReadPoints.layers(expected), plan.readPoints());
        assertArrayEquals(expected, plan.positions());
    }

    @Test
    void putsTheEmbeddingBeforeTheBlocks() {
        LensPlan plan = plan(
                request -> request.layers(List.of(IndexRange.of(2))).sites(List.of(Site.BLOCK_OUTPUT, Site.EMBEDDING)));

        assertEquals(ReadPoints.layers(-1, 2), plan.readPoints());
    }

    @Test
    void readsTheEmbeddingAloneIfItIsTheOnlySite() {
        LensPlan plan = plan(request -> request.sites(List.of(Site.EMBEDDING)));

        assertEquals(List.of(ReadPoint.EMBEDDING), plan.readPoints());
    }

    @Test
    void readsTheSitesOfEachBlockInTheOrderOfComputation() {
        LensPlan plan = plan(request -> request.layers(List.of(IndexRange.of(1)))
                .sites(List.of(
                        Site.FEED_FORWARD_OUTPUT, Site.BLOCK_OUTPUT, Site.ATTENTION_RESIDUAL, Site.ATTENTION_OUTPUT)));

        assertEquals(
                List.of(
                        new ReadPoint(1, Site.ATTENTION_OUTPUT),
                        new ReadPoint(1, Site.ATTENTION_RESIDUAL),
                        new ReadPoint(1, Site.FEED_FORWARD_OUTPUT),
                        ReadPoint.layer(1)),
                plan.readPoints());
    }

    @Test
    void keepsTheLensesInTheOrderInWhichTheyAreAskedFor() {
        LensPlan plan = plan(request -> request.lenses(List.of(new RequestedLens.Raw(), new RequestedLens.Logit())));

        assertEquals(List.of(new RequestedLens.Raw(), new RequestedLens.Logit()), plan.lenses());
        assertEquals(2 * 6 * 6, plan.cellCount());
    }

    @Test
    void ordersReadPointsByDepth() {
        List<ReadPoint> points = Stream.of(
                        ReadPoint.layer(1),
                        new ReadPoint(1, Site.ATTENTION_RESIDUAL),
                        ReadPoint.layer(0),
                        ReadPoint.EMBEDDING)
                .sorted()
                .toList();

        assertEquals(
                List.of(
                        ReadPoint.EMBEDDING,
                        ReadPoint.layer(0),
                        new ReadPoint(1, Site.ATTENTION_RESIDUAL),
                        ReadPoint.layer(1)),
                points);
    }

    @Test
    void takesAWholeVocabularyEntryBeforeAnEncoding() {
        LensPlan plan = plan(request -> request.targets(List.of(
                new RequestedTarget.Text(" Paris"),
                new RequestedTarget.Text("ab"),
                new RequestedTarget.TokenId(7),
                new RequestedTarget.NextToken(),
                new RequestedTarget.FinalTop())));

        assertEquals(
                List.of(
                        List.of(FakeTokenizer.FIRST_WORD),
                        List.of((int) 'a', (int) 'b'),
                        List.of(7),
                        List.of(),
                        List.of()),
                plan.targets().stream().map(PlannedTarget::tokenIds).toList());
    }

    @Test
    void acceptsTheExtremes() {
        LensPlan plan = plan(request -> request.topK(100)
                .trajectories(1)
                .statistics(List.of(Statistic.values()))
                .targets(Collections.nCopies(32, new RequestedTarget.TokenId(LAST_ID))));

        assertEquals(100, plan.topK());
        assertEquals(Set.of(Statistic.values()), plan.statistics());
        assertEquals(32, plan.targets().size());
    }

    @Test
    void limitsPredictionsToTheVocabulary() {
        RequestedPlan three = RequestedPlan.builder(new LensPrompt.TokenIds(new int[] {0}))
                .topK(4)
                .build();
        RequestedPlan some =
                RequestedPlan.builder(new LensPrompt.TokenIds(new int[] {0})).build();

        assertThrows(
                InvalidFieldException.class,
                () -> LensPlanner.plan(three, FakeModel.sized("tiny", 3, 8), new FakeTokenizer()));
        assertEquals(
                3,
                LensPlanner.plan(some, FakeModel.sized("tiny", 3, 8), new FakeTokenizer())
                        .plan()
                        .topK());
    }

    static Stream<Arguments> refusals() {
        return Stream.of(
                refused(
                        "layers[1].last",
                        Problem.OUT_OF_RANGE,
                        "6",
                        -FakeModel.BLOCKS,
                        LAST_BLOCK,
                        request -> request.layers(List.of(IndexRange.of(3), IndexRange.of(0, 6)))),
                refused(
                        "layers[0].first",
                        Problem.OUT_OF_RANGE,
                        "-7",
                        -FakeModel.BLOCKS,
                        LAST_BLOCK,
                        request -> request.layers(List.of(IndexRange.of(-7)))),
                refused(
                        "layers[0].last",
                        Problem.OUT_OF_RANGE,
                        "2",
                        3,
                        LAST_BLOCK,
                        request -> request.layers(List.of(IndexRange.of(3, 2)))),
                refused(
                        "layers[0].last",
                        Problem.OUT_OF_RANGE,
                        "-4",
                        -3,
                        -1,
                        request -> request.layers(List.of(IndexRange.of(3, -4)))),
                refused(
                        "layers[0].stride",
                        Problem.OUT_OF_RANGE,
                        "0",
                        1,
                        Integer.MAX_VALUE,
                        request -> request.layers(List.of(IndexRange.everyNth(0)))),
                refused(
                        "sites[1]",
                        Problem.NOT_AVAILABLE,
                        "site.attention-heads",
                        request -> request.sites(List.of(Site.BLOCK_OUTPUT, Site.ATTENTION_HEADS))),
                refused(
                        "sites[1]",
                        Problem.DUPLICATE,
                        "EMBEDDING",
                        request -> request.sites(List.of(Site.EMBEDDING, Site.EMBEDDING))),
                refused(
                        "lenses[1]",
                        Problem.DUPLICATE,
                        "raw",
                        request -> request.lenses(List.of(new RequestedLens.Raw(), new RequestedLens.Raw()))),
                refused(
                        "lenses[0].transport.name",
                        Problem.NOT_UNDERSTOOD,
                        "jacobian",
                        request -> request.lenses(List.of(new RequestedLens.Transport("jacobian")))),
                refused(
                        "layers[1]",
                        Problem.DUPLICATE,
                        "4",
                        request -> request.layers(List.of(IndexRange.everyNth(4), IndexRange.of(4)))),
                refused(
                        "positions[0].first",
                        Problem.OUT_OF_RANGE,
                        "6",
                        -6,
                        5,
                        request -> request.positions(List.of(IndexRange.of(6)))),
                refused(
                        "positions[1]",
                        Problem.DUPLICATE,
                        "0",
                        request -> request.positions(List.of(IndexRange.of(0), IndexRange.of(0)))),
                refused("top_k", Problem.OUT_OF_RANGE, "101", 1, 100, request -> request.topK(101)),
                refused("top_k", Problem.OUT_OF_RANGE, "-1", 1, 100, request -> request.topK(-1)),
                refused("top_k", Problem.OUT_OF_RANGE, "0", 1, 100, request -> request.topK(0)),
                refused(
                        "targets[1].id",
                        Problem.OUT_OF_RANGE,
                        "280",
                        0,
                        LAST_ID,
                        request -> request.targets(
                                List.of(new RequestedTarget.NextToken(), new RequestedTarget.TokenId(280)))),
                refused(
                        "targets[0].text",
                        Problem.MISSING,
                        "",
                        request -> request.targets(List.of(new RequestedTarget.Text("")))),
                refused(
                        "statistics[2]",
                        Problem.DUPLICATE,
                        "ENTROPY",
                        request -> request.statistics(
                                List.of(Statistic.ENTROPY, Statistic.KL_FROM_NEXT, Statistic.ENTROPY))),
                refused(
                        "trajectories.min_peak_probability",
                        Problem.OUT_OF_RANGE,
                        "1.5",
                        request -> request.trajectories(1.5)),
                refused(
                        "trajectories.min_peak_probability",
                        Problem.OUT_OF_RANGE,
                        "-0.1",
                        request -> request.trajectories(-0.1)),
                refused(
                        "trajectories.min_peak_probability",
                        Problem.OUT_OF_RANGE,
                        "NaN",
                        request -> request.trajectories(Double.NaN)));
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void refusesWhatTheModelDoesNotHave(
            String field,
            Problem problem,
            String given,
            OptionalLong minimum,
            OptionalLong maximum,
            UnaryOperator<RequestedPlan.Builder> change) {
        InvalidFieldException refusal = assertThrows(InvalidFieldException.class, () -> plan(change));

        assertEquals(field, refusal.field());
        assertEquals(problem, refusal.problem());
        assertEquals(given, refusal.given());
        assertEquals(minimum, refusal.minimum());
        assertEquals(maximum, refusal.maximum());
        assertTrue(refusal.getMessage().startsWith(field + ": "), refusal.getMessage());
    }

    @Test
    void namesTheWaysToTheLastBlockAndTheEmbeddingWhenALayerDoesNotExist() {
        InvalidFieldException refusal = assertThrows(
                InvalidFieldException.class, () -> plan(request -> request.layers(List.of(IndexRange.of(6)))));

        assertTrue(refusal.getMessage().contains("-1 is the last"), refusal.getMessage());
        assertTrue(refusal.getMessage().contains("Ask for the embedding as a site"), refusal.getMessage());
    }

    @Test
    void refusesTooManyTargets() {
        InvalidFieldException refusal = assertThrows(
                InvalidFieldException.class,
                () -> plan(request -> request.targets(Collections.nCopies(33, new RequestedTarget.FinalTop()))));

        assertEquals("targets", refusal.field());
        assertEquals(Problem.TOO_MANY, refusal.problem());
        assertEquals(OptionalLong.of(32), refusal.maximum());
    }

    @Test
    void refusesPromptsOfNoTokens() {
        assertRefused("prompt.text", new LensPrompt.Text("", SpecialTokens.NONE), Problem.MISSING);
        assertRefused("prompt.text", new LensPrompt.Text("", SpecialTokens.TOKENIZER_DEFAULT), Problem.MISSING);
        assertRefused("prompt.token_ids", new LensPrompt.TokenIds(new int[0]), Problem.MISSING);
    }

    @Test
    void refusesChatsThatCannotBeRendered() {
        List<ChatMessage> chat = List.of(new ChatMessage("user", "Hi"));
        List<ChatMessage> nobody = List.of(new ChatMessage("user", "Hi"), new ChatMessage("", "Hi"));

        assertRefused("prompt.chat.messages", new LensPrompt.Chat(List.of(), Ending.NONE, Map.of()), Problem.MISSING);
        assertRefused(
                "prompt.chat.messages[1].role", new LensPrompt.Chat(nobody, Ending.NONE, Map.of()), Problem.MISSING);
        assertRefused("prompt.chat.messages", new LensPrompt.Chat(chat, Ending.NONE, Map.of()), Problem.NOT_UNDERSTOOD);
    }

    @ParameterizedTest
    @ValueSource(ints = {FakeModel.VOCABULARY, -1})
    void refusesIdsBeyondTheVocabulary(int id) {
        InvalidFieldException refusal = assertRefused(
                "prompt.token_ids.ids[1]", new LensPrompt.TokenIds(new int[] {0, id}), Problem.OUT_OF_RANGE);

        assertEquals(Integer.toString(id), refusal.given());
    }

    @Test
    void refusesTextThatReadsAsTokensTheModelDoesNotHave() {
        RequestedPlan request = RequestedPlan.builder(PROMPT).build();

        InvalidFieldException refusal = assertThrows(
                InvalidFieldException.class,
                () -> LensPlanner.plan(request, FakeModel.sized("small", FakeTokenizer.BOS, 8), new FakeTokenizer()));

        assertEquals("prompt.text", refusal.field());
    }

    @ParameterizedTest
    @ValueSource(ints = {FakeModel.CONTEXT, FakeModel.CONTEXT + 1})
    void readsPromptsUpToTheContextAndNoFurther(int length) {
        RequestedPlan request =
                RequestedPlan.builder(new LensPrompt.TokenIds(new int[length])).build();

        if (length == FakeModel.CONTEXT) {
            assertEquals(length, plan(request).plan().positions().length);
        } else {
            PromptTooLongException refusal = assertThrows(PromptTooLongException.class, () -> plan(request));
            assertEquals(length, refusal.tokenCount());
            assertEquals(FakeModel.CONTEXT, refusal.limit());
        }
    }

    private static IndexRange range(OptionalInt first, OptionalInt last, int stride) {
        return new IndexRange(first, last, OptionalInt.of(stride));
    }

    private static Arguments refused(
            String field, Problem problem, String given, UnaryOperator<RequestedPlan.Builder> change) {
        return Arguments.of(field, problem, given, OptionalLong.empty(), OptionalLong.empty(), change);
    }

    private static Arguments refused(
            String field,
            Problem problem,
            String given,
            long minimum,
            long maximum,
            UnaryOperator<RequestedPlan.Builder> change) {
        return Arguments.of(field, problem, given, OptionalLong.of(minimum), OptionalLong.of(maximum), change);
    }

    private static InvalidFieldException assertRefused(String field, LensPrompt prompt, Problem problem) {
        InvalidFieldException refusal = assertThrows(
                InvalidFieldException.class,
                () -> plan(RequestedPlan.builder(prompt).build()));
        assertEquals(field, refusal.field());
        assertEquals(problem, refusal.problem());
        return refusal;
    }

    private static LensPlan plan(UnaryOperator<RequestedPlan.Builder> change) {
        return plan(change.apply(RequestedPlan.builder(PROMPT)).build()).plan();
    }

    private static LensPlan planWith(KnownLens lens, UnaryOperator<RequestedPlan.Builder> change) {
        RequestedPlan request = change.apply(RequestedPlan.builder(PROMPT)
                        .lenses(List.of(
                                new RequestedLens.Logit(),
                                new RequestedLens.Raw(),
                                new RequestedLens.Transport(lens.name()))))
                .build();
        return LensPlanner.plan(request, FakeModel.named("fake"), new FakeTokenizer(), List.of(lens))
                .plan();
    }

    private static KnownLens known(ReadPoint... points) {
        return new KnownLens("fitted", new TreeSet<>(List.of(points)));
    }

    @Test
    void aFittedLensReadsWhereItHasMapsAndTheLastBlockAsTheModelDoes() {
        KnownLens lens = known(ReadPoint.EMBEDDING, ReadPoint.layer(0), ReadPoint.layer(2), ReadPoint.layer(3));

        LensPlan plan = planWith(lens, request -> request);

        assertEquals(
                new LensCoverage(List.of(0, 1, 2, 3, 4, 5), true),
                plan.coverage().get(0));
        assertEquals(
                new LensCoverage(List.of(0, 1, 2, 3, 4, 5), false),
                plan.coverage().get(1));
        assertEquals(
                new LensCoverage(List.of(0, 2, 3, 5), true), plan.coverage().get(2));
        assertEquals(16L * plan.positions().length, plan.cellCount());
        assertEquals(2, plan.coverage().get(2).before(3));
        assertEquals(-1, plan.coverage().get(2).before(0));
        assertEquals(5, plan.coverage().get(2).last());
    }

    @Test
    void aMapForTheLastBlockIsApplied() {
        LensPlan plan = planWith(known(ReadPoint.layer(5)), request -> request);

        assertEquals(new LensCoverage(List.of(5), false), plan.coverage().get(2));
    }

    @Test
    void aFittedLensThatWouldReadNowhereIsRefusedWithItsReadPoints() {
        KnownLens lens = known(
                ReadPoint.EMBEDDING, ReadPoint.layer(0), ReadPoint.layer(2), ReadPoint.layer(3), ReadPoint.layer(4));

        InvalidFieldException refusal = assertThrows(
                InvalidFieldException.class,
                () -> planWith(lens, request -> request.layers(List.of(IndexRange.of(1)))));

        assertEquals("lenses[2].transport.name", refusal.field());
        assertEquals(
                "lenses[2].transport.name: the lens \"fitted\" has no map for any read point of the request."
                        + " It has maps for the embedding and layers 0, 2 to 4.",
                refusal.getMessage());
    }

    private static PlannedRequest plan(RequestedPlan request) {
        return LensPlanner.plan(request, FakeModel.named("fake"), new FakeTokenizer());
    }
}
