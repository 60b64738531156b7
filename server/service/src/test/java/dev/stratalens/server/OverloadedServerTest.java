package dev.stratalens.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.util.concurrent.Uninterruptibles;
import dev.stratalens.engine.fake.FakeLensEngine;
import dev.stratalens.engine.lens.LensEngine;
import dev.stratalens.engine.lens.plan.LensPlan;
import dev.stratalens.engine.lens.result.Interlude;
import dev.stratalens.engine.lens.result.WantedPlan;
import dev.stratalens.engine.model.ModelDescription;
import dev.stratalens.engine.text.Tokenizer;
import dev.stratalens.server.grpc.Prompts;
import dev.stratalens.v1.AnalyzeRequest;
import dev.stratalens.v1.AnalyzeResponse;
import dev.stratalens.v1.LensServiceGrpc;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Ten times as many calls as can be answered, over a real socket, with deadlines. */
@Timeout(120)
final class OverloadedServerTest {

    private static final Duration PROMPT = Duration.ofMillis(200);
    private static final int CALLS = 300;
    /** Calls one after another, before: what a new server does first takes long. */
    private static final int WARMING = 5;

    private static final Duration BETWEEN = PROMPT.dividedBy(10);
    /** Of 20 prompts: a machine that tests may be slow at everything else. */
    private static final int DEADLINE_SECONDS = 4;
    /** Those that could be answered, if nothing else took time. */
    private static final int POSSIBLE = CALLS / 10;

    @Test
    void answersAboutAsManyInTimeAsItCan() throws Exception {
        LensServer server = LensServer.builder(List.of("slow"), (name, listener) -> new SlowEngine())
                .listen(0)
                .build();
        server.start();
        ManagedChannel channel = NettyChannelBuilder.forAddress(
                        "localhost", server.port().orElseThrow())
                .usePlaintext()
                .build();
        try {
            Queue<Status.Code> outcomes = new ConcurrentLinkedQueue<>();
            CountDownLatch open = new CountDownLatch(CALLS);
            AnalyzeRequest request =
                    AnalyzeRequest.newBuilder().setPrompt(Prompts.text("hello")).build();
            for (int i = 0; i < WARMING; i++) {
                LensServiceGrpc.newBlockingStub(channel).analyze(request).forEachRemaining(response -> {});
            }
            for (int i = 0; i < CALLS; i++) {
                LensServiceGrpc.newStub(channel)
                        .withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS)
                        .analyze(request, new Outcome(outcomes, open));
                Uninterruptibles.sleepUninterruptibly(BETWEEN);
            }

            assertEquals(
                    ServingStatus.SERVING,
                    HealthGrpc.newBlockingStub(channel)
                            .withDeadlineAfter(10, TimeUnit.SECONDS)
                            .check(HealthCheckRequest.getDefaultInstance())
                            .getStatus());
            open.await();
            long answered = outcomes.stream().filter(Status.Code.OK::equals).count();
            long refused = outcomes.stream()
                    .filter(Status.Code.RESOURCE_EXHAUSTED::equals)
                    .count();
            // Without a look at deadlines, hardly any would be.
            assertTrue(answered > 0.5 * POSSIBLE, answered + " of " + POSSIBLE);
            assertTrue(refused > CALLS / 2, refused + " of " + CALLS);
        } finally {
            channel.shutdownNow();
            server.stop();
        }
    }

    private record Outcome(Queue<Status.Code> outcomes, CountDownLatch open)
            implements StreamObserver<AnalyzeResponse> {

        @Override
        public void onNext(AnalyzeResponse response) {}

        @Override
        public void onError(Throwable failure) {
            end(Status.fromThrowable(failure));
        }

        @Override
        public void onCompleted() {
            end(Status.OK);
        }

        private void end(Status status) {
            outcomes.add(status.getCode());
            open.countDown();
        }
    }

    /** Takes the same time for each prompt, however many are in a pass. */
    private static final class SlowEngine implements LensEngine {

        private final FakeLensEngine engine = FakeLensEngine.named("slow");

        @Override
        public void run(List<WantedPlan> plans, Interlude interlude) {
            Uninterruptibles.sleepUninterruptibly(PROMPT.multipliedBy(plans.size()));
            engine.run(plans, interlude);
        }

        @Override
        public ModelDescription description() {
            return engine.description();
        }

        @Override
        public Tokenizer tokenizer() {
            return engine.tokenizer();
        }

        @Override
        public long memoryNeed(LensPlan plan) {
            return engine.memoryNeed(plan);
        }

        @Override
        public void close() {
            engine.close();
        }
    }
}
