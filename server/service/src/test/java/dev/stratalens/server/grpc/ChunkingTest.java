package dev.stratalens.server.grpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stratalens.engine.fake.FakeTokenizer;
import dev.stratalens.engine.lens.plan.LensPlan;
import dev.stratalens.engine.lens.plan.LensTarget;
import dev.stratalens.engine.lens.plan.PlannedTarget;
import dev.stratalens.engine.lens.plan.ReadPoint;
import dev.stratalens.engine.lens.plan.RequestedLens;
import dev.stratalens.engine.lens.plan.Statistic;
import dev.stratalens.engine.lens.result.CellReadout;
import dev.stratalens.engine.lens.result.Columns;
import dev.stratalens.engine.lens.result.PositionTrajectory;
import dev.stratalens.v1.LayerChunk;
import dev.stratalens.v1.TrajectoryChunk;
import dev.stratalens.v1.TrajectoryEncoding;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ChunkingTest {

    @ParameterizedTest
    @CsvSource({"1, 5, 0, 1", "3276, 5, 0, 1", "3277, 5, 0, 2", "10000, 5, 1, 4", "500, 100, 32, 5", "16385, 1, 0, 2"})
    void splitsALayerByPositionsAndLosesNothing(int positions, int k, int m, int messages) {
        List<LayerChunk> chunks = new ArrayList<>();
        CellReadout layer = layer(positions, k, m);

        new LayerChunks(plan(positions, k, m), new TokenTexts(new FakeTokenizer())).split(layer, chunks::add);

        int next = 0;
        List<Integer> ids = new ArrayList<>();
        List<Integer> ranks = new ArrayList<>();
        List<Float> entropies = new ArrayList<>();
        for (LayerChunk chunk : chunks) {
            assertEquals(next, chunk.getFirstPositionIndex());
            assertTrue(chunk.getPositionCount() * (k + m) <= 16_384, "positions: " + chunk.getPositionCount());
            assertTrue(chunk.getSerializedSize() < 1 << 20, "bytes: " + chunk.getSerializedSize());
            next += chunk.getPositionCount();
            ids.addAll(chunk.getTokenIdsList());
            ranks.addAll(chunk.getTargetRanksList());
            entropies.addAll(chunk.getEntropiesList());
        }
        assertEquals(positions, next);
        assertEquals(messages, chunks.size());
        assertEquals(IntStream.of(layer.topIds()).boxed().toList(), ids);
        assertEquals(positions * m, ranks.size());
        assertEquals(positions, entropies.size());
        assertEquals(positions - 1, entropies.get(positions - 1));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 819, 820, 5_000})
    void splitsTrajectoriesByTokensAndLosesNothing(int tokens) {
        int layers = 80;
        List<TrajectoryChunk> chunks = new ArrayList<>();
        int[] ids = IntStream.range(0, tokens).toArray();

        new TrajectoryChunks(layers, TrajectoryEncoding.TRAJECTORY_ENCODING_FLOAT32)
                .split(new PositionTrajectory(0, 3, ids, new float[tokens * layers]), chunks::add);

        assertEquals(Math.max(1, (tokens + 818) / 819), chunks.size());
        assertEquals(
                IntStream.of(ids).boxed().toList(),
                chunks.stream()
                        .flatMap(chunk -> chunk.getTokenIdsList().stream())
                        .toList());
        for (TrajectoryChunk chunk : chunks) {
            assertEquals(3, chunk.getPositionIndex());
            assertEquals(chunk.getTokenIdsCount() * layers, chunk.getLogProbsCount());
            assertTrue(chunk.getLogProbsCount() <= 65_536);
        }
    }

    @Test
    void sendsATokenAtATimeWhereOneFillsAMessage() {
        int layers = 70_000;
        List<TrajectoryChunk> chunks = new ArrayList<>();

        new TrajectoryChunks(layers, TrajectoryEncoding.TRAJECTORY_ENCODING_FLOAT32)
                .split(new PositionTrajectory(0, 0, new int[] {1, 2}, new float[2 * layers]), chunks::add);

        assertEquals(2, chunks.size());
    }

    @Test
    void roundsProbabilitiesToMillionths() {
        float[] logProbs = {0, (float) Math.log(0.5), (float) Math.log(1.6e-6), (float) Math.log(4e-7), -1000};
        List<TrajectoryChunk> chunks = new ArrayList<>();

        new TrajectoryChunks(5, TrajectoryEncoding.TRAJECTORY_ENCODING_PPM)
                .split(new PositionTrajectory(0, 0, new int[] {9}, logProbs), chunks::add);

        assertEquals(List.of(1_000_000, 500_000, 2, 0, 0), chunks.get(0).getProbabilitiesPpmList());
    }

    private static LensPlan plan(int positions, int k, int m) {
        return new LensPlan(
                new int[positions],
                List.of(new RequestedLens.Logit()),
                List.of(ReadPoint.EMBEDDING),
                IntStream.range(0, positions).toArray(),
                k,
                Collections.nCopies(m, new PlannedTarget(new LensTarget.FinalTop(), List.of())),
                Set.of(),
                OptionalDouble.empty());
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
                new int[positions * m],
                new float[positions * m],
                new Columns(Map.of(Statistic.LOG_SUM_EXP, counting, Statistic.ENTROPY, counting)));
    }
}
