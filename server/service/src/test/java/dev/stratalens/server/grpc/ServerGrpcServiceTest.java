package dev.stratalens.server.grpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.stratalens.engine.fake.FakeLensEngine;
import dev.stratalens.engine.model.Precision;
import dev.stratalens.server.LensServer;
import dev.stratalens.server.models.CheckpointLoader;
import dev.stratalens.server.models.LoadPolicy;
import dev.stratalens.server.models.ModelManagement;
import dev.stratalens.server.models.ModelRegistry;
import dev.stratalens.server.scheduling.GrantedLimits;
import dev.stratalens.v1.AnalyzeRequest;
import dev.stratalens.v1.Device;
import dev.stratalens.v1.EffectOptions;
import dev.stratalens.v1.GetServerInfoRequest;
import dev.stratalens.v1.GetServerInfoResponse;
import dev.stratalens.v1.Intervention;
import dev.stratalens.v1.InterventionRows;
import dev.stratalens.v1.InvalidField;
import dev.stratalens.v1.KlFromUnchanged;
import dev.stratalens.v1.Limits;
import dev.stratalens.v1.LoadModelRequest;
import dev.stratalens.v1.Metric;
import dev.stratalens.v1.ModelServiceGrpc;
import dev.stratalens.v1.ScaleRow;
import dev.stratalens.v1.ServerServiceGrpc;
import dev.stratalens.v1.Site;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.StreamObserver;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

final class ServerGrpcServiceTest {

    private static final Intervention DOUBLED = Intervention.newBuilder()
            .setRows(InterventionRows.newBuilder().setSite(Site.SITE_BLOCK_OUTPUT))
            .setScale(ScaleRow.newBuilder().setFactor(2))
            .build();
    private static final Metric DIVERGENCE = Metric.newBuilder()
            .setKlFromUnchanged(KlFromUnchanged.getDefaultInstance())
            .build();

    @Test
    void saysWhatItIsAndEveryLimit() throws Exception {
        try (RunningServer server =
                RunningServer.start(settings -> settings.facts(new ServerFacts("1.2.3", List.of("gpt2", "llama")))
                        .management(ModelManagement.ALLOWED))) {
            GetServerInfoResponse info = server.info().getServerInfo(GetServerInfoRequest.getDefaultInstance());

            assertEquals("1.2.3", info.getServerVersion());
            assertEquals("stratalens.v1", info.getApiVersion());
            assertEquals(
                    List.of(
                            "attribution",
                            "batch",
                            "batch.cancel",
                            "batch.defaults",
                            "candidates",
                            "generate",
                            "intervention",
                            "lens.logit",
                            "lens.raw",
                            "lens.transport",
                            "models.manage",
                            "prompt.chat",
                            "site.attention-output",
                            "site.attention-residual",
                            "site.feed-forward-output",
                            "sweep"),
                    info.getFeaturesList());
            assertEquals(List.of("gpt2", "llama"), info.getSupportedArchitecturesList());
            assertEquals(List.of(RunningServer.MODEL), info.getModelsList());
            assertEquals("cpu", info.getDevices(0).getName());
            Limits limits = info.getLimits();
            assertEquals(RunningServer.BATCH_WINDOW, limits.getBatchWindow());
            assertEquals(RunningServer.QUEUE_CAPACITY, limits.getQueueCapacity());
            assertEquals(RunningServer.MAX_REQUEST_BYTES, limits.getMaxRequestMemoryBytes());
            assertFalse(limits.hasMemoryBudgetBytes());
            assertEquals(20, limits.getReaderPatience().getSeconds());
            assertEquals(3600, limits.getMaxUnloadWait().getSeconds());

            // What it says is what it refuses beyond.
            assertEquals(limits.getMaxTopK(), mostOf(server, request -> request.setTopK(limits.getMaxTopK() + 1)));
            assertEquals(
                    limits.getMaxInterventions(),
                    mostOf(
                            server,
                            request -> request.addAllInterventions(
                                    Collections.nCopies(limits.getMaxInterventions() + 1, DOUBLED))));
            assertEquals(
                    limits.getMaxMetrics(),
                    mostOf(
                            server,
                            request -> request.addInterventions(DOUBLED)
                                    .setEffect(EffectOptions.newBuilder()
                                            .addAllMetrics(
                                                    Collections.nCopies(limits.getMaxMetrics() + 1, DIVERGENCE)))));
        }
    }

    /** The largest value that a refusal of a request states. */
    private static long mostOf(RunningServer server, UnaryOperator<AnalyzeRequest.Builder> change) throws Exception {
        AnalyzeRequest request = change.apply(AnalyzeRequest.newBuilder().setPrompt(Prompts.text("x")))
                .build();
        var refusal = assertThrows(StatusRuntimeException.class, () -> server.analyze(request));
        return StatusProto.fromThrowable(refusal)
                .getDetails(1)
                .unpack(InvalidField.class)
                .getMaximum();
    }

    /** Whoever watches a server asks every second or so, and should not fill its memory. */
    @Test
    void isCheapToAsk() {
        ModelRegistry registry = new ModelRegistry(List.of("a"), (name, listener) -> FakeLensEngine.named(name));
        var service = new ServerGrpcService(
                registry,
                new ServerFacts("1", List.of("llama")),
                GrantedLimits.defaults(),
                4 << 20,
                ModelManagement.REFUSED);
        StreamObserver<GetServerInfoResponse> observer = new StreamObserver<>() {
            @Override
            public void onNext(GetServerInfoResponse response) {}

            @Override
            public void onError(Throwable failure) {}

            @Override
            public void onCompleted() {}
        };
        service.getServerInfo(GetServerInfoRequest.getDefaultInstance(), observer);
        var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        int calls = 100;

        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < calls; i++) {
            service.getServerInfo(GetServerInfoRequest.getDefaultInstance(), observer);
        }
        long perCall = (threads.getCurrentThreadAllocatedBytes() - before) / calls;

        assertTrue(perCall < 20_000, "bytes a call: " + perCall);
        registry.close();
    }

    @Test
    void saysWithWhatItComputesAndWhatThatTakes() throws Exception {
        var loader = new CheckpointLoader(
                Map.of("demo", Path.of("..", "..", "models", "demo")),
                new CheckpointLoader.Options(Precision.FLOAT32, 64 << 20, 2));
        String name = UUID.randomUUID().toString();
        LensServer server = LensServer.builder(List.of("demo"), loader)
                .load(LoadPolicy.ON_DEMAND)
                .management(ModelManagement.ALLOWED)
                .inProcess(name)
                .build();
        server.start();
        ManagedChannel channel = InProcessChannelBuilder.forName(name).build();
        try {
            var info = ServerServiceGrpc.newBlockingStub(channel).withDeadlineAfter(60, TimeUnit.SECONDS);
            GetServerInfoResponse before = info.getServerInfo(GetServerInfoRequest.getDefaultInstance());
            assertEquals("", before.getLibraryVersion());
            assertEquals(0, before.getDevices(0).getReservedBytes());

            ModelServiceGrpc.newBlockingStub(channel)
                    .withDeadlineAfter(60, TimeUnit.SECONDS)
                    .loadModel(LoadModelRequest.getDefaultInstance())
                    .forEachRemaining(event -> {});

            GetServerInfoResponse after = info.getServerInfo(GetServerInfoRequest.getDefaultInstance());
            assertTrue(after.getLibraryVersion().matches("2\\.\\d+\\.\\d+"), after.getLibraryVersion());
            Device processor = after.getDevices(0);
            assertTrue(processor.getReservedBytes() > 0);
            assertTrue(processor.getFreeBytes() > 0 && processor.getFreeBytes() < processor.getMemoryBytes());
        } finally {
            channel.shutdownNow();
            server.stop();
        }
    }
}
