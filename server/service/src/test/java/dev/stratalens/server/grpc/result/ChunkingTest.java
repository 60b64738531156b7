package dev.stratalens.server.grpc.result;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stratalens.engine.fake.FakeTokenizer;
import dev.stratalens.engine.lens.plan.LensPlan;
import dev.stratalens.engine.lens.plan.PlannedTarget;
import dev.stratalens.engine.lens.plan.ReadPoint;
import dev.stratalens.engine.lens.request.RequestedLens;
import dev.stratalens.engine.lens.request.RequestedTarget;
import dev.stratalens.engine.lens.request.Statistic;
import dev.stratalens.engine.lens.result.CellReadout;
import dev.stratalens.engine.lens.result.Columns;
import dev.stratalens.engine.lens.result.PositionTrajectory;
import dev.stratalens.v1.CellChunk;
import dev.stratalens.v1.NumberForm;
import dev.stratalens.v1.PromptChunk;
import dev.stratalens.v1.TrajectoryChunk;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ChunkingTest {

    @ParameterizedTest
    @CsvSource({"1, 5, 0, 1", "2340, 5, 0, 1", "2341, 5, 0, 2", "10000, 5, 1, 5", "500, 100, 32, 5", "5462, 1, 0, 2"})
    void splitsCellsByPositionsAndLosesNothing(int positions, int k, int m, int messages) {
        List<CellChunk> chunks = new ArrayList<>();
        CellReadout cells = layer(positions, k, m);
        LensPlan plan = plan(positions, k, m, OptionalDouble.empty());

        chunks(plan).cells().split(cells, chunks::add);

        int next = 0;
        List<Integer> ids = new ArrayList<>();
        int ranks = 0;
        for (CellChunk chunk : chunks) {
            assertEquals(next, chunk.getFirstPosition());
            assertTrue(chunk.getPositionCount() * (k + m + 2) <= 16_384, "positions: " + chunk.getPositionCount());
            assertTrue(chunk.getSerializedSize() < 1 << 20, "bytes: " + chunk.getSerializedSize());
            next += chunk.getPositionCount();
            // Nothing is named twice at a position, so that every id is new.
            ids.addAll(chunk.getTokenIdsList());
            ranks += chunk.getTargetRanksCount();
            assertEquals(2 * chunk.getPositionCount(), chunk.getColumnCodesCount());
        }
        assertEquals(positions, next);
        assertEquals(messages, chunks.size());
        assertEquals(IntStream.of(cells.topIds()).boxed().toList(), ids);
        assertEquals(positions * m, ranks);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 819, 820, 5_000})
    void splitsTrajectoriesByTokensAndLosesNothing(int tokens) {
        int points = 80;
        List<TrajectoryChunk> chunks = new ArrayList<>();
        int[] ids = IntStream.range(0, tokens).toArray();

        trajectories(points).split(new PositionTrajectory(0, 3, ids, new float[tokens * points]), chunks::add);

        assertEquals(Math.max(1, (tokens + 818) / 819), chunks.size());
        assertEquals(
                IntStream.of(ids).boxed().toList(),
                chunks.stream()
                        .flatMap(chunk -> chunk.getTokenIdsList().stream())
                        .toList());
        for (TrajectoryChunk chunk : chunks) {
            assertEquals(3, chunk.getPosition());
            assertEquals(chunk.getTokenRefsCount() * points, chunk.getLogProbsCount());
            assertTrue(chunk.getLogProbsCount() <= 65_536);
        }
    }

    @Test
    void sendsATokenAtATimeWhereOneFillsAMessage() {
        int points = 70_000;
        List<TrajectoryChunk> chunks = new ArrayList<>();

        trajectories(points).split(new PositionTrajectory(0, 0, new int[] {1, 2}, new float[2 * points]), chunks::add);

        assertEquals(2, chunks.size());
    }

    @ParameterizedTest
    @CsvSource({
        "'', ''",
        "'3', '3-3/1'",
        "'0 1 2 3', '0-3/1'",
        "'0 2 4 7', '0-4/2 7-7/1'",
        "'1 5 6 4095 4096', '1-5/4 6-4095/4089 4096-4096/1'"
    })
    void saysPositionsAsRanges(String positions, String ranges) {
        int[] indices = Arrays.stream(positions.split(" "))
                .filter(text -> !text.isEmpty())
                .mapToInt(Integer::parseInt)
                .toArray();
        PromptChunk.Builder first = PromptChunk.newBuilder();
        PromptChunk.Builder second = PromptChunk.newBuilder();
        PositionRanges writer = new PositionRanges(indices);
        writer.addBefore(4096, first);
        writer.addBefore(8192, second);

        String said = Stream.concat(first.getPositionsList().stream(), second.getPositionsList().stream())
                .map(range -> "%d-%d/%d".formatted(range.getFirst(), range.getLast(), range.getStride()))
                .collect(Collectors.joining(" "));
        assertEquals(ranges, said);
    }

    @Test
    void takesALongTextApartBetweenCharacters() {
        String text = "a" + "\uD83D\uDE00".repeat(50_000);
        TextParts parts = new TextParts(text);
        StringBuilder together = new StringBuilder();
        while (!parts.isOver()) {
            String part = parts.next();
            assertTrue(part.length() <= 65_536 && !Character.isHighSurrogate(part.charAt(part.length() - 1)));
            together.append(part);
        }
        assertEquals(text, together.toString());
    }

    /** What writes cells and trajectories of a plan. */
    private record Chunks(CellChunks cells, TrajectoryChunks trajectories) {}

    private static Chunks chunks(LensPlan plan) {
        int[] targets = new int[plan.positions().length * plan.targets().size()];
        Arrays.fill(targets, 299);
        SentTexts texts = new SentTexts(new FakeTokenizer());
        NamedIds references = new NamedIds(plan.positions().length);
        SentCells sent = new SentCells(plan, targets);
        NumberForm form =
                plan.minimumPeak().isPresent() ? NumberForm.NUMBER_FORM_FLOAT32 : NumberForm.NUMBER_FORM_COMPACT;
        return new Chunks(
                new CellChunks(plan, targets, -1, form, references, texts, sent),
                new TrajectoryChunks(plan, form, references, texts, sent));
    }

    private static TrajectoryChunks trajectories(int points) {
        return chunks(new LensPlan(
                        new int[5],
                        List.of(new RequestedLens.Logit()),
                        IntStream.range(0, points).mapToObj(ReadPoint::layer).toList(),
                        IntStream.range(0, 5).toArray(),
                        1,
                        List.of(),
                        Set.of(),
                        OptionalDouble.of(0)))
                .trajectories();
    }

    private static LensPlan plan(int positions, int k, int m, OptionalDouble minimumPeak) {
        return new LensPlan(
                new int[positions],
                List.of(new RequestedLens.Logit()),
                List.of(ReadPoint.EMBEDDING),
                IntStream.range(0, positions).toArray(),
                k,
                Collections.nCopies(m, new PlannedTarget(new RequestedTarget.FinalTop(), List.of())),
                Set.of(Statistic.LOG_SUM_EXP, Statistic.ENTROPY),
                minimumPeak);
    }

    private static CellReadout layer(int positions, int k, int m) {
        float[] counting = new float[positions];
        for (int i = 0; i < positions; i++) {
            counting[i] = i;
        }
        return new CellReadout(
                0,
                0,
                IntStream.range(0, positions * k).map(i -> i % 300).toArray(),
                new float[positions * k],
                counting,
                new int[positions * m],
                new float[positions * m],
                new Columns(Map.of(Statistic.LOG_SUM_EXP, counting, Statistic.ENTROPY, counting)));
    }
}
