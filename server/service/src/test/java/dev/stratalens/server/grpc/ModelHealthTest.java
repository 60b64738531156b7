package dev.stratalens.server.grpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stratalens.engine.fake.FakeLensEngine;
import dev.stratalens.server.models.LoadPolicy;
import dev.stratalens.server.models.ModelRegistry;
import dev.stratalens.server.threads.SupervisedThread;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class ModelHealthTest {

    @Test
    void nothingServesWhileAThreadIsDown() throws Exception {
        AtomicInteger runs = new AtomicInteger();
        SupervisedThread thread = new SupervisedThread("needed", () -> {
            if (runs.incrementAndGet() == 1) {
                throw new OutOfMemoryError("made up");
            }
        });
        withModels(1, List.of(thread), (channel, health) -> {
            Iterator<HealthCheckResponse> ofServer = watch(channel, "");
            Iterator<HealthCheckResponse> ofModel = watch(channel, "m0");
            assertEquals(ServingStatus.SERVING, ofServer.next().getStatus());
            assertEquals(ServingStatus.SERVING, ofModel.next().getStatus());

            thread.start();

            for (Iterator<HealthCheckResponse> watched : List.of(ofServer, ofModel)) {
                assertEquals(ServingStatus.NOT_SERVING, watched.next().getStatus());
                assertEquals(ServingStatus.SERVING, watched.next().getStatus());
            }
        });
    }

    @Test
    void theListHasEveryStatusUnlessThereAreTooMany() throws Exception {
        String serving = "SERVING";
        withModels(98, List.of(), (channel, health) -> {
            Map<String, String> listed = HealthLists.of(channel);
            assertEquals(100, listed.size());
            assertEquals(Set.of(serving), Set.copyOf(listed.values()));
            assertTrue(listed.keySet().containsAll(List.of("", "stratalens.v1.LensService", "m0", "m97")));

            health.stop();

            assertEquals(
                    Set.of("NOT_" + serving), Set.copyOf(HealthLists.of(channel).values()));
        });
        withModels(99, List.of(), (channel, health) -> {
            StatusRuntimeException refusal = assertThrows(StatusRuntimeException.class, () -> HealthLists.of(channel));
            assertEquals(Code.RESOURCE_EXHAUSTED, refusal.getStatus().getCode());
        });
    }

    private interface Question {
        void ask(ManagedChannel channel, ModelHealth health) throws Exception;
    }

    private static void withModels(int count, List<SupervisedThread> threads, Question question) throws Exception {
        ModelRegistry registry = new ModelRegistry(
                IntStream.range(0, count).mapToObj(i -> "m" + i).toList(),
                LoadPolicy.ON_DEMAND,
                (name, listener) -> FakeLensEngine.named(name));
        ModelHealth health = new ModelHealth(registry, threads);
        String name = UUID.randomUUID().toString();
        Server server = InProcessServerBuilder.forName(name)
                .addService(health.service())
                .build()
                .start();
        ManagedChannel channel = InProcessChannelBuilder.forName(name).build();
        try {
            question.ask(channel, health);
        } finally {
            channel.shutdownNow();
            server.shutdownNow();
            registry.close();
        }
    }

    private static Iterator<HealthCheckResponse> watch(ManagedChannel channel, String service) {
        return HealthGrpc.newBlockingStub(channel)
                .withDeadlineAfter(20, TimeUnit.SECONDS)
                .watch(HealthCheckRequest.newBuilder().setService(service).build());
    }
}
