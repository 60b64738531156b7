package dev.stratalens.server.grpc.result;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.MessageLite;
import dev.stratalens.engine.fake.FakeLensEngine;
import dev.stratalens.engine.fake.ReadPoints;
import dev.stratalens.engine.lens.plan.LensPlan;
import dev.stratalens.engine.lens.plan.PlannedRequest;
import dev.stratalens.engine.lens.plan.PlannedTarget;
import dev.stratalens.engine.lens.request.RequestedLens;
import dev.stratalens.engine.lens.request.RequestedTarget;
import dev.stratalens.engine.lens.request.Statistic;
import dev.stratalens.engine.lens.result.CellReadout;
import dev.stratalens.engine.lens.result.Columns;
import dev.stratalens.engine.lens.result.FinalTargets;
import dev.stratalens.engine.lens.result.PositionTrajectory;
import dev.stratalens.engine.text.TokenizedText;
import dev.stratalens.server.scheduling.RequestStart;
import dev.stratalens.v1.Event;
import dev.stratalens.v1.NumberForm;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Bytes of a result, against the JSON that the existing widget reads for the same thing: 80 layers, 14 tokens, 5
 * predictions, about 100 tracked tokens a position of a vocabulary of 128k, and probabilities spread as they were measured
 * on Llama-3.1-70B: 72 % below 1e-4, 2 % above 1.6e-2.
 */
final class StreamSizeTest {

    private static final int PEER_JSON_BYTES = 842_586;
    private static final int LAYERS = 80;
    private static final int POSITIONS = 14;
    private static final int TOP_K = 5;
    private static final int TRACKED = 100;
    private static final int VOCABULARY = 128_000;

    private final Random random = new Random(1);
    private final int[][] tracked = IntStream.range(0, POSITIONS)
            .mapToObj(position -> random.ints(0, VOCABULARY)
                    .distinct()
                    .limit(TRACKED)
                    .sorted()
                    .toArray())
            .toArray(int[][]::new);

    @ParameterizedTest
    @CsvSource({
        "NUMBER_FORM_COMPACT, false, 0.075",
        "NUMBER_FORM_FLOAT32, false, 0.10",
        "NUMBER_FORM_COMPACT, true, 0.28",
        "NUMBER_FORM_FLOAT32, true, 0.62"
    })
    void aResultStaysSmall(NumberForm form, boolean tracks, double share) {
        LensPlan plan = plan(tracks ? OptionalDouble.of(0) : OptionalDouble.empty());
        List<Event> stream = new ArrayList<>();
        ResultEvents events = new ResultEvents(new WireOptions("", form), start(plan), stream::add);
        events.begin();
        events.targets(new FinalTargets(ids(1), logProbs(POSITIONS), ids(1)));
        for (int layer = 0; layer < LAYERS; layer++) {
            events.cells(readout(layer));
        }
        for (int p = 0; tracks && p < POSITIONS; p++) {
            events.trajectory(new PositionTrajectory(0, p, tracked[p], logProbs(TRACKED * LAYERS)));
        }

        int bytes = stream.stream().mapToInt(MessageLite::getSerializedSize).sum();

        assertTrue(bytes <= share * PEER_JSON_BYTES, bytes + " bytes are " + (double) bytes / PEER_JSON_BYTES);
        assertTrue(bytes > share / 2 * PEER_JSON_BYTES, "too few to be the whole result: " + bytes);
    }

    private CellReadout readout(int layer) {
        return new CellReadout(
                0,
                layer,
                ids(TOP_K),
                bestFirst(logProbs(POSITIONS * TOP_K)),
                new float[POSITIONS],
                random.ints(POSITIONS, 1, VOCABULARY).toArray(),
                logProbs(POSITIONS),
                new Columns(Map.of(
                        Statistic.LOG_SUM_EXP, positive(logProbs(POSITIONS)),
                        Statistic.ENTROPY, positive(logProbs(POSITIONS)),
                        Statistic.KL_FROM_FINAL, positive(logProbs(POSITIONS)))));
    }

    /** So many of the tracked tokens of every position. */
    private int[] ids(int count) {
        return Arrays.stream(tracked)
                .flatMapToInt(row -> random.ints(count, 0, row.length).map(i -> row[i]))
                .toArray();
    }

    private static float[] bestFirst(float[] logProbs) {
        for (int first = 0; first < logProbs.length; first += TOP_K) {
            Arrays.sort(logProbs, first, first + TOP_K);
            for (int i = 0; i < TOP_K / 2; i++) {
                float best = logProbs[first + TOP_K - 1 - i];
                logProbs[first + TOP_K - 1 - i] = logProbs[first + i];
                logProbs[first + i] = best;
            }
        }
        return logProbs;
    }

    private static float[] positive(float[] values) {
        for (int i = 0; i < values.length; i++) {
            values[i] = -values[i];
        }
        return values;
    }

    private float[] logProbs(int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            double share = random.nextDouble();
            double exponent = share < 0.72
                    ? -4 - 4 * random.nextDouble()
                    : share < 0.98 ? -4 + 2.2 * random.nextDouble() : -1.8 * random.nextDouble();
            values[i] = (float) (exponent * Math.log(10));
        }
        return values;
    }

    private static LensPlan plan(OptionalDouble minimumPeak) {
        return new LensPlan(
                new int[POSITIONS],
                List.of(new RequestedLens.Logit()),
                ReadPoints.layers(IntStream.range(0, LAYERS).toArray()),
                IntStream.range(0, POSITIONS).toArray(),
                TOP_K,
                List.of(new PlannedTarget(new RequestedTarget.NextToken(), List.of())),
                Set.of(Statistic.LOG_SUM_EXP, Statistic.ENTROPY, Statistic.KL_FROM_FINAL),
                minimumPeak);
    }

    private static RequestStart start(LensPlan plan) {
        return new RequestStart(
                FakeLensEngine.named("fake"),
                new PlannedRequest(plan, new TokenizedText(plan.tokenIds(), new int[0], new int[0]), Optional.empty()),
                0,
                Duration.ZERO,
                false);
    }
}
