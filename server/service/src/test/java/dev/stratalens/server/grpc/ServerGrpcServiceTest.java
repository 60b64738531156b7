package dev.stratalens.server.grpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.stratalens.server.models.ModelManagement;
import dev.stratalens.v1.AnalyzeRequest;
import dev.stratalens.v1.GetServerInfoRequest;
import dev.stratalens.v1.GetServerInfoResponse;
import dev.stratalens.v1.InvalidField;
import dev.stratalens.v1.Limits;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ServerGrpcServiceTest {

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
                            "batch",
                            "batch.cancel",
                            "batch.defaults",
                            "lens.logit",
                            "lens.raw",
                            "models.manage",
                            "prompt.chat"),
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
            InvalidField refusal = StatusProto.fromThrowable(assertThrows(
                            StatusRuntimeException.class,
                            () -> server.analyze(AnalyzeRequest.newBuilder()
                                    .setPrompt(Prompts.text("x"))
                                    .setTopK(limits.getMaxTopK() + 1)
                                    .build())))
                    .getDetails(1)
                    .unpack(InvalidField.class);
            assertEquals(limits.getMaxTopK(), refusal.getMaximum());
        }
    }
}
