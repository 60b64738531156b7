package dev.stratalens.client.result;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stratalens.client.LensClient;
import dev.stratalens.client.fake.FakeLensServer;
import dev.stratalens.client.fake.FakeRun;
import dev.stratalens.client.internal.result.LayerColumns;
import dev.stratalens.client.internal.result.LensColumns;
import dev.stratalens.client.internal.result.ResultColumns;
import dev.stratalens.client.internal.result.TrackedColumns;
import dev.stratalens.client.model.ModelInfo;
import dev.stratalens.client.request.ChatMessage;
import dev.stratalens.client.request.IndexRange;
import dev.stratalens.client.request.Lens;
import dev.stratalens.client.request.LensRequest;
import dev.stratalens.client.request.LensTarget;
import dev.stratalens.client.request.NumberForm;
import dev.stratalens.client.request.ReadPoint;
import dev.stratalens.client.request.Site;
import dev.stratalens.client.request.Statistic;
import dev.stratalens.client.request.Trajectories;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class LensResultTest {

    private static final int NO_RANK = 0;

    @ParameterizedTest(name = "embedding {0}, blocks {1}: {2}")
    @CsvSource({
        // best token of the embedding, best tokens of blocks 0, 2, 4, 6; the model's own is 9
        "1, 1 9 9 9, 2",
        "9, 9 9 9 9, 0",
        "1, 9 1 9 9, 4",
        "1, 9 9 1 9, 6",
        "9, 1 1 1 1, ",
        "1, 9 9 9 1, ",
        "1, 1 1 1 9, 6"
    })
    void crystallizationIsWhereTheFinalTokenComesToStay(int embedding, String blocks, Integer expected) {
        assertEquals(
                expected == null ? OptionalInt.empty() : OptionalInt.of(expected),
                result(embedding, blocks, new int[5]).crystallizationLayer(3));
    }

    @ParameterizedTest(name = "embedding {0}, blocks {1}: {2}")
    @CsvSource({"1, 1 9 1 9, 2", "9, 1 1 9 1, 4", "9, 1 1 1 1, ", "1, 9 9 9 9, 0"})
    void firstAppearanceIsTheFirstBlockWithTheFinalToken(int embedding, String blocks, Integer expected) {
        assertEquals(
                expected == null ? OptionalInt.empty() : OptionalInt.of(expected),
                result(embedding, blocks, new int[5]).firstAppearance(3));
    }

    @Test
    void firstRankWithinLooksAtBlocksOnly() {
        LensResult result = result(1, "1 1 1 1", new int[] {1, 50, 11, 10, 2});
        assertEquals(OptionalInt.of(4), result.firstRankWithin(LensTarget.id(1), 3, 10));
        assertEquals(OptionalInt.of(2), result.firstRankWithin(LensTarget.id(1), 3, 11));
        assertEquals(OptionalInt.of(6), result.firstRankWithin(LensTarget.id(1), 3, 2));
        assertEquals(OptionalInt.empty(), result.firstRankWithin(LensTarget.id(1), 3, 1));
        LensResult without = result(1, "1 1 1 1", new int[] {NO_RANK, NO_RANK, NO_RANK, NO_RANK, NO_RANK});
        assertEquals(OptionalInt.empty(), without.firstRankWithin(LensTarget.id(1), 3, 1000));
        assertRefused("rank 0 is below 1", () -> result.firstRankWithin(LensTarget.id(1), 3, 0));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void everyCellIsWhatTheServerSent(long seed) {
        LensRequest request = LensRequest.of("p")
                .includeEmbedding()
                .layers(IndexRange.of(0), IndexRange.of(2, 3))
                .positions(IndexRange.of(0, 1), IndexRange.from(4))
                .target(LensTarget.nextToken(), LensTarget.text("word"))
                .statistics(Statistic.all().toArray(Statistic[]::new))
                .exact()
                .build();
        FakeRun run = FakeRun.of(seed, request);
        LensResult result = received(request, run);
        assertEquals(List.of(-1, 0, 2, 3), result.layers());
        assertEquals(List.of(0, 1, 4, 5), result.positions());
        for (int l = 0; l < 4; l++) {
            LayerColumns sent = run.values().cells().get(l);
            for (int p = 0; p < 4; p++) {
                int layer = result.layers().get(l);
                int position = result.positions().get(p);
                for (int rank = 0; rank < 5; rank++) {
                    Prediction prediction = result.topK(layer, position).get(rank);
                    assertEquals(sent.ids()[p * 5 + rank], prediction.token().id());
                    assertEquals(sent.logProbs()[p * 5 + rank], prediction.logProb());
                }
                assertEquals(result.topK(layer, position).get(0), result.top(layer, position));
                assertEquals(sent.column(Statistic.LOG_SUM_EXP)[p], result.logSumExp(layer, position));
                assertEquals(OptionalDouble.of(sent.column(Statistic.ENTROPY)[p]), result.entropy(layer, position));
                assertEquals(
                        OptionalDouble.of(sent.column(Statistic.KL_FROM_FINAL)[p]),
                        result.klFromFinal(layer, position));
                assertEquals(
                        layer == 3 ? OptionalDouble.empty() : OptionalDouble.of(sent.column(Statistic.KL_FROM_NEXT)[p]),
                        result.klFromNext(layer, position));
                boolean hasNext = position < 5;
                assertEquals(
                        hasNext ? OptionalInt.of(sent.targetRanks()[2 * p]) : OptionalInt.empty(),
                        result.rank(LensTarget.nextToken(), layer, position));
                assertEquals(
                        hasNext ? OptionalDouble.of(sent.targetLogProbs()[2 * p]) : OptionalDouble.empty(),
                        result.targetLogProb(LensTarget.nextToken(), layer, position));
                assertEquals(
                        OptionalInt.of(sent.targetRanks()[2 * p + 1]),
                        result.rank(LensTarget.text("word"), layer, position));
            }
        }
        assertEquals(OptionalInt.of(run.values().promptIds().get(5)), result.targetToken(LensTarget.nextToken(), 4));
        assertEquals(OptionalInt.empty(), result.targetToken(LensTarget.nextToken(), 5));
        assertEquals(2, result.targets().get(1).tokens().size());
        assertEquals(
                Duration.ofNanos(42_100_000), result.timings().orElseThrow().forward());
        assertEquals(0, result.summary().omittedTrajectories());
        assertEquals(1 << 20, result.summary().reservedBytes());
        assertTrue(result.selfCheck().orElseThrow().top1Agrees());
    }

    @ParameterizedTest
    @ValueSource(longs = {4, 5, 6})
    void everyTrackedTokenIsFollowedThroughAllLayers(long seed) {
        LensRequest exact = LensRequest.of("p")
                .includeEmbedding()
                .target(LensTarget.id(7))
                .exact()
                .build();
        LensRequest compact = exact.toBuilder().numberForm(NumberForm.COMPACT).build();
        FakeRun run = FakeRun.of(seed, exact);
        LensResult exactly = received(exact, run);
        LensResult compactly = received(compact, FakeRun.of(seed, compact));
        for (int position : exactly.positions()) {
            TrackedColumns sent = run.values().tracked().get(position);
            assertEquals(sent.ids().length, exactly.trajectories(position).size());
            for (int row = 0; row < sent.ids().length; row++) {
                Trajectory one = exactly.trajectory(position, sent.ids()[row]).orElseThrow();
                Trajectory other =
                        compactly.trajectory(position, sent.ids()[row]).orElseThrow();
                assertEquals(one, exactly.trajectories(position).get(row));
                assertEquals(List.of(-1, 0, 1, 2, 3), one.layers());
                for (int layer : one.layers()) {
                    assertEquals(sent.logProbs()[row * 5 + layer + 1], one.logProbability(layer));
                    double x = -one.logProbability(layer);
                    assertEquals(-x, other.logProbability(layer), (1 + x) / 512 + 1e-6);
                    assertTrue(one.peak() >= one.probability(layer));
                    assertEquals(one.peak(), one.probability(one.peakLayer()));
                }
            }
            assertTrue(exactly.trajectory(position, 7).isPresent());
        }
    }

    @Test
    void anUnknownValueIsNeverMinusInfinity() {
        float[] ofLayers = {-1, Float.NaN, 0, -2, -3};
        Trajectory trajectory = result(1, "1 9 9 9", new int[5], new TrackedColumns(new int[] {1}, ofLayers))
                .trajectory(3, 1)
                .orElseThrow();
        assertEquals(Double.NaN, trajectory.logProbability(0));
        assertEquals(0, trajectory.probability(0));
        assertEquals(0, trajectory.logProbability(2));
        assertEquals(1, trajectory.peak());
        assertEquals(2, trajectory.peakLayer());
        assertRefused("layer 1 was not asked for; this result has -1, 0, 2, 4, 6", () -> trajectory.probability(1));
    }

    @ParameterizedTest
    @ValueSource(longs = {7, 8, 9})
    void compactNumbersAreWithinTheirBounds(long seed) {
        LensRequest exact = LensRequest.of("p")
                .lenses(Lens.logit(), Lens.raw())
                .includeEmbedding()
                .target(LensTarget.nextToken(), LensTarget.finalTop(), LensTarget.id(7))
                .statistics(Statistic.all().toArray(Statistic[]::new))
                .exact()
                .build();
        LensRequest compact = exact.toBuilder().numberForm(NumberForm.COMPACT).build();
        LensResult exactly = received(exact, FakeRun.of(seed, exact));
        LensResult compactly = received(compact, FakeRun.of(seed, compact));
        assertEquals(List.of(Lens.logit(), Lens.raw()), compactly.lenses());
        for (Lens lens : compactly.lenses()) {
            for (int layer : compactly.layers()) {
                for (int position : compactly.positions()) {
                    assertClose(exactly.through(lens), compactly.through(lens), layer, position);
                }
            }
            assertEquals(
                    List.of(ReadPoint.of(0, Site.EMBEDDING), ReadPoint.of(0, Site.BLOCK_OUTPUT)),
                    compactly.readPoints().subList(0, 2));
            for (ReadPoint point : compactly.readPoints()) {
                LayerResult read = compactly.through(lens).at(point);
                assertEquals(lens, read.lens());
                assertEquals(point, read.readPoint());
                assertEquals(compactly.through(lens).layer(point.layer()), read);
            }
        }
        assertRefused(
                "layer 9 was not asked for; this result has embedding, layer 0, layer 1",
                () -> compactly.at(ReadPoint.of(9, Site.BLOCK_OUTPUT)));
        assertNotEquals(
                compactly.through(Lens.logit()).layer(0),
                compactly.through(Lens.raw()).layer(0));
        assertRefused("lens transport:x was not asked for", () -> compactly.through(Lens.transport("x")));
    }

    private static void assertClose(LensResult exactly, LensResult compactly, int layer, int position) {
        for (int rank = 0; rank < exactly.k(); rank++) {
            Prediction one = exactly.topK(layer, position).get(rank);
            Prediction other = compactly.topK(layer, position).get(rank);
            assertEquals(one.token(), other.token());
            assertEquals(one.logProb(), other.logProb(), (1 - one.logProb()) / 2048 + 1e-6);
        }
        for (TargetInfo target : exactly.targets()) {
            assertEquals(
                    exactly.rank(target.target(), layer, position), compactly.rank(target.target(), layer, position));
            double one = exactly.targetLogProb(target.target(), layer, position).orElse(0);
            assertEquals(
                    one,
                    compactly.targetLogProb(target.target(), layer, position).orElse(0),
                    (1 - one) / 2048 + 1e-6);
        }
        for (Statistic statistic : Statistic.all()) {
            OptionalDouble one = exactly.statistic(statistic, layer, position);
            OptionalDouble other = compactly.statistic(statistic, layer, position);
            assertEquals(one.isPresent(), other.isPresent());
            assertEquals(
                    one.orElse(0),
                    other.orElse(0),
                    statistic.compactStep().orElse((1 + one.orElse(0)) / 1024) / 2 + 1e-6,
                    statistic.name());
        }
    }

    @Test
    void whatIsNotFiniteTravelsAsItIs() {
        LensRequest request = LensRequest.of("p")
                .target(LensTarget.nextToken(), LensTarget.id(7))
                .build();
        FakeRun run = FakeRun.withInfinity(1, request);
        LensResult result = received(request, run);
        int last = request.topK() - 1;
        assertEquals(Float.NEGATIVE_INFINITY, result.topK(1, 0).get(last).logProb());
        assertEquals(run.values().cells().get(2).logProbs()[0], result.top(2, 0).logProb(), 0.01);
        Token token = result.topK(1, 0).get(last).token();
        assertEquals(
                Double.NEGATIVE_INFINITY,
                result.trajectory(0, token.id()).orElseThrow().logProbability(1));
    }

    @Test
    void aChatsTextComesWithTheResult() {
        LensRequest request = LensRequest.ofChat(ChatMessage.of("user", "Hi")).build();
        assertEquals(
                Optional.of("<chat>+0+4"),
                received(request, FakeRun.of(1, request)).prompt());
    }

    @Test
    void whatIsNotThereIsRefusedWithWhatIs() {
        LensResult result = result(1, "1 9 9 9", new int[5]);
        assertRefused("layer 1 was not asked for; this result has -1, 0, 2, 4, 6", () -> result.top(1, 3));
        assertRefused("position 0 was not asked for; this result has 3", () -> result.top(0, 0));
        assertRefused(
                "target " + LensTarget.id(2) + " was not asked for; this result has [" + LensTarget.id(1) + "]",
                () -> result.rank(LensTarget.id(2), 0, 3));
        assertRefused("token id 77 does not occur", () -> result.token(77));
        LensResult contiguous = received(
                LensRequest.of("p").build(), FakeRun.of(1, LensRequest.of("p").build()));
        assertRefused("layer 4 was not asked for; this result has 0 .. 3", () -> contiguous.top(4, 3));
    }

    @Test
    void whatWasNotAskedForIsEmpty() {
        LensRequest bare = LensRequest.of("p")
                .statistics()
                .trajectories(Trajectories.none())
                .build();
        LensResult result = received(bare, FakeRun.of(1, bare));
        assertEquals(OptionalDouble.empty(), result.entropy(0, 0));
        assertEquals(OptionalDouble.empty(), result.klFromFinal(0, 0));
        assertEquals(OptionalDouble.empty(), result.klFromNext(0, 0));
        assertEquals(List.of(), result.trajectories(0));
        assertEquals(Optional.empty(), result.trajectory(0, 1));
        assertEquals(Set.of(), result.info().statistics());
        assertRefused("the statistic log-sum-exp was not asked for", () -> result.logSumExp(0, 0));
    }

    @Test
    void resultsAreEqualByValue() {
        assertEquals(result(1, "1 9 9 9", new int[5]), result(1, "1 9 9 9", new int[5]));
        assertNotEquals(result(1, "1 9 9 9", new int[5]), result(1, "1 9 1 9", new int[5]));
        assertNotEquals(result(1, "1 9 9 9", new int[5]), result(1, "1 9 9 9", new int[] {0, 0, 0, 0, 1}));
    }

    /** Layers -1, 0, 2, 4, 6 of the one position 3, where the model's own best token is 9. */
    private static LensResult result(int embedding, String blocks, int[] ranks, TrackedColumns... tracked) {
        Token one = Token.of(1, "a", "a");
        Token nine = Token.of(9, "b", "b");
        PromptToken token = PromptToken.of(one);
        ResultInfo info = ResultInfo.builder(ModelInfo.builder("m", 7).build())
                .tokens(List.of(token, token, token, token))
                .readPoints(Stream.of(-1, 0, 2, 4, 6).map(ReadPoint::ofLayer).toList())
                .positions(List.of(3))
                .k(1)
                .targets(List.of(TargetInfo.of(LensTarget.id(1), List.of(one), List.of(OptionalInt.of(1)))))
                .finalTops(List.of(Prediction.of(nine, -0.1f)))
                .build();
        int[] best = IntStream.concat(
                        IntStream.of(embedding),
                        Stream.of(blocks.split(" ", -1)).mapToInt(Integer::parseInt))
                .toArray();
        List<LayerColumns> columns = IntStream.range(0, 5)
                .mapToObj(i -> new LayerColumns(
                        info.readPoints().get(i),
                        new int[] {best[i]},
                        new float[] {-1},
                        new int[] {ranks[i]},
                        new float[] {-2},
                        Map.of()))
                .toList();
        return new ResultColumns(
                        info,
                        List.of(new LensColumns(Lens.logit(), columns, List.of(tracked))),
                        Map.of(1, one, 9, nine),
                        ResultSummary.builder().build())
                .view();
    }

    private static LensResult received(LensRequest request, FakeRun run) {
        try (FakeLensServer server = FakeLensServer.playing(run.events());
                LensClient client = server.client()) {
            return client.analyze(request);
        }
    }

    private static void assertRefused(String expectedWords, Executable call) {
        IllegalArgumentException error = assertThrows(IllegalArgumentException.class, call);
        assertTrue(String.valueOf(error.getMessage()).contains(expectedWords), error.getMessage());
    }
}
