package dev.stratalens.integration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.stratalens.client.BatchOutcome;
import dev.stratalens.client.LensBatch;
import dev.stratalens.client.LensClient;
import dev.stratalens.client.error.ErrorCode;
import dev.stratalens.client.request.IndexRange;
import dev.stratalens.client.request.LensRequest;
import dev.stratalens.client.request.LensTarget;
import dev.stratalens.client.request.Trajectories;
import dev.stratalens.client.result.LensResult;
import dev.stratalens.client.result.Prediction;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A batch on a real model over a real socket. */
@Timeout(120)
class BatchOverTcpTest {

    @Test
    void aBatchEqualsSingleCalls() {
        List<LensRequest> requests = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            requests.add(LensRequest.of("The capital of France is" + " and".repeat(i % 13))
                    .topK(1 + i % 7)
                    .exact()
                    .build());
        }
        requests.add(LensRequest.of("").build());
        try (DemoServer server = DemoServer.plaintext();
                LensClient client = server.client();
                LensBatch batch = client.analyzeAll(requests)) {
            int seen = 0;
            for (BatchOutcome outcome : batch.inOrder()) {
                assertEquals(seen, outcome.index());
                if (seen == 60) {
                    BatchOutcome.Failed bad = assertInstanceOf(BatchOutcome.Failed.class, outcome);
                    assertEquals(ErrorCode.INVALID_REQUEST, bad.failure().code());
                } else {
                    assertClose(client.analyze(requests.get(seen)), outcome.result());
                }
                seen++;
            }
            assertEquals(61, seen);
        }
    }

    @Test
    void whatOneRequestAsksForIsNotTakenForAnother() {
        LensRequest like = LensRequest.of("The capital of France is")
                .target(LensTarget.text(" Paris"))
                .layers(IndexRange.last())
                .exact()
                .build();
        LensRequest less = LensRequest.of("Once upon a time")
                .statistics()
                .trajectories(Trajectories.none())
                .exact()
                .build();
        LensRequest other =
                like.toBuilder().target(LensTarget.nextToken()).topK(2).build();
        List<LensRequest> requests = List.of(like, less, other, like, less);
        try (DemoServer server = DemoServer.plaintext();
                LensClient client = server.client();
                LensBatch batch = client.analyzeAll(requests)) {
            int seen = 0;
            for (BatchOutcome outcome : batch.inOrder()) {
                LensResult single = client.analyze(requests.get(seen++));
                assertClose(single, outcome.result());
                assertEquals(single.targets(), outcome.result().targets());
                assertEquals(single.info().statistics(), outcome.result().info().statistics());
            }
            assertEquals(requests.size(), seen);
        }
    }

    private static void assertClose(LensResult single, LensResult batched) {
        assertEquals(single.tokens(), batched.tokens());
        assertEquals(single.layers(), batched.layers());
        for (int layer : single.layers()) {
            for (int position : single.positions()) {
                List<Prediction> expected = single.topK(layer, position);
                List<Prediction> actual = batched.topK(layer, position);
                assertEquals(expected.size(), actual.size());
                IntStream.range(0, expected.size())
                        .forEach(i -> assertEquals(
                                expected.get(i).logProb(), actual.get(i).logProb(), 1e-4));
            }
        }
    }
}
