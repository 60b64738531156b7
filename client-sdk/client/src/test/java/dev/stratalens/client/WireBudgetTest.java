package dev.stratalens.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stratalens.client.fake.FakeLensServer;
import dev.stratalens.client.fake.FakeRun;
import dev.stratalens.client.fake.LlamaSizedRun;
import dev.stratalens.client.request.LensRequest;
import dev.stratalens.client.request.LensTarget;
import dev.stratalens.client.request.NumberForm;
import dev.stratalens.client.request.Trajectories;
import dev.stratalens.client.result.LensResult;
import dev.stratalens.client.result.Prediction;
import dev.stratalens.client.result.Token;
import dev.stratalens.client.result.Trajectory;
import dev.stratalens.v1.AnalyzeResponse;
import dev.stratalens.v1.Event;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Bytes of a result of 80 layers and 14 tokens against the JSON of the same shape that the widget publishes. */
class WireBudgetTest {

    private static final int WIDGET_JSON_BYTES = 842_586;
    private static final int MILLIONTHS_BYTES = 150_337;

    @ParameterizedTest(name = "{0}, {1} at most {2} of the widget's JSON")
    @MethodSource("budgets")
    void aResultFitsItsBudget(Trajectories trajectories, NumberForm form, double budget, int rows) {
        LensRequest request = request(trajectories, form);
        FakeRun run = LlamaSizedRun.of(request);
        long bytes = run.events().stream()
                .mapToLong(event -> response(event).getSerializedSize())
                .sum();
        assertTrue(bytes <= budget * WIDGET_JSON_BYTES, trajectories + ": " + bytes + " bytes");
        // Far below the budget, the run would not be like the measured one.
        assertTrue(bytes >= 0.8 * budget * WIDGET_JSON_BYTES, trajectories + ": " + bytes + " bytes");
        LensResult result = received(request, run);
        assertEquals(
                rows,
                result.positions().stream()
                        .mapToInt(position -> result.trajectories(position).size())
                        .sum());
    }

    static Stream<Arguments> budgets() {
        return Stream.of(
                Arguments.of(Trajectories.none(), NumberForm.COMPACT, 0.06, 0),
                Arguments.of(Trajectories.all(), NumberForm.COMPACT, 0.19, LlamaSizedRun.TRACKED_ROWS),
                Arguments.of(
                        Trajectories.all().withMinimumPeak(0.01), NumberForm.COMPACT, 0.10, LlamaSizedRun.PEAKING_ROWS),
                Arguments.of(Trajectories.all(), NumberForm.EXACT, 0.62, LlamaSizedRun.TRACKED_ROWS));
    }

    /** No more than millionths took, which could not tell a small probability from nothing. */
    @Test
    void trajectoriesTakeNoMoreThanMillionthsDid() {
        long bytes = LlamaSizedRun.of(request(Trajectories.all(), NumberForm.COMPACT)).events().stream()
                .filter(Event::hasTrajectoryChunk)
                .mapToLong(event -> response(event).getSerializedSize())
                .sum();
        assertTrue(bytes <= MILLIONTHS_BYTES, bytes + " bytes");
    }

    @Test
    void theMadeUpRunHasTheProportionsOfTheMeasuredOne() {
        LensRequest request = request(Trajectories.all(), NumberForm.COMPACT);
        LensResult result = received(request, LlamaSizedRun.of(request));
        int values = 0;
        int oneByte = 0;
        for (int position : result.positions()) {
            for (Trajectory trajectory : result.trajectories(position)) {
                for (int layer = 0; layer < trajectory.layers().size(); layer++) {
                    values++;
                    oneByte += Math.round(1e6 * trajectory.probability(layer)) < 128 ? 1 : 0;
                }
            }
        }
        assertEquals(112_800, values);
        assertEquals(0.72, oneByte / (double) values, 0.04);
        int kept = 0;
        for (int position : result.positions()) {
            for (int layer = 1; layer < 80; layer++) {
                List<Token> before = tokens(result, layer - 1, position);
                kept += (int) tokens(result, layer, position).stream()
                        .filter(before::contains)
                        .count();
            }
        }
        assertEquals(0.66, kept / (14 * 79 * 5.0), 0.04);
    }

    @Test
    void noMessageComesNearTheLimitOfGrpc() {
        for (NumberForm form : NumberForm.values()) {
            LlamaSizedRun.of(request(Trajectories.all(), form))
                    .events()
                    .forEach(event -> assertTrue(response(event).getSerializedSize() < (1 << 20)));
        }
    }

    private static List<Token> tokens(LensResult result, int layer, int position) {
        return result.topK(layer, position).stream().map(Prediction::token).toList();
    }

    private static LensRequest request(Trajectories trajectories, NumberForm form) {
        return LensRequest.of("a prompt of fourteen tokens")
                .target(LensTarget.nextToken())
                .trajectories(trajectories)
                .numberForm(form)
                .build();
    }

    private static AnalyzeResponse response(Event event) {
        return AnalyzeResponse.newBuilder().addEvents(event).build();
    }

    private static LensResult received(LensRequest request, FakeRun run) {
        try (FakeLensServer server = FakeLensServer.playing(run.events());
                LensClient client = server.client()) {
            return client.analyze(request);
        }
    }
}
