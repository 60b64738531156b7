package dev.stratalens.server.grpc;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.stratalens.engine.fake.FakeLensEngine;
import dev.stratalens.server.models.LoadPolicy;
import dev.stratalens.server.models.ModelRegistry;
import dev.stratalens.server.threads.SupervisedThread;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class ModelHealthTest {

    @Test
    void nothingServesWhileAThreadIsDown() throws IOException {
        AtomicInteger runs = new AtomicInteger();
        SupervisedThread thread = new SupervisedThread("needed", () -> {
            if (runs.incrementAndGet() == 1) {
                throw new OutOfMemoryError("made up");
            }
        });
        ModelRegistry registry =
                new ModelRegistry(List.of("a"), LoadPolicy.ON_DEMAND, (name, listener) -> FakeLensEngine.named(name));
        ModelHealth health = new ModelHealth(registry, List.of(thread));
        String name = UUID.randomUUID().toString();
        Server server = InProcessServerBuilder.forName(name)
                .addService(health.service())
                .build()
                .start();
        ManagedChannel channel = InProcessChannelBuilder.forName(name).build();
        try {
            Iterator<HealthCheckResponse> ofServer = watch(channel, "");
            Iterator<HealthCheckResponse> ofModel = watch(channel, "a");
            assertEquals(ServingStatus.SERVING, ofServer.next().getStatus());
            assertEquals(ServingStatus.SERVING, ofModel.next().getStatus());

            thread.start();

            for (Iterator<HealthCheckResponse> watched : List.of(ofServer, ofModel)) {
                assertEquals(ServingStatus.NOT_SERVING, watched.next().getStatus());
                assertEquals(ServingStatus.SERVING, watched.next().getStatus());
            }
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
