package dev.stratalens.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stratalens.client.error.ErrorCode;
import dev.stratalens.client.error.LensException;
import dev.stratalens.client.fake.FakeLensServer;
import dev.stratalens.client.fake.FakeModelService;
import dev.stratalens.client.fake.FakeRun;
import dev.stratalens.client.fake.FakeServerService;
import dev.stratalens.client.model.ModelFacts;
import dev.stratalens.client.model.ModelInfo;
import dev.stratalens.client.model.ModelState;
import dev.stratalens.client.model.Placement;
import dev.stratalens.client.model.Progress;
import dev.stratalens.client.model.ServedModel;
import dev.stratalens.client.model.ServerDevice;
import dev.stratalens.client.model.ServerInfo;
import dev.stratalens.client.request.ChatMessage;
import dev.stratalens.client.request.LensRequest;
import dev.stratalens.client.request.Prompt;
import dev.stratalens.client.request.TokenizeRequest;
import dev.stratalens.client.result.LensResult;
import dev.stratalens.client.result.PromptToken;
import dev.stratalens.client.result.Token;
import dev.stratalens.client.result.Tokenization;
import io.grpc.Metadata;
import io.grpc.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class LensClientTest {

    private static final LensRequest REQUEST = LensRequest.of("a prompt").build();
    private static final FakeRun RUN = FakeRun.of(3, REQUEST);
    private static final Metadata.Key<String> USER_AGENT =
            Metadata.Key.of("user-agent", Metadata.ASCII_STRING_MARSHALLER);

    @Test
    void theFutureGivesWhatTheBlockingCallGives() throws Exception {
        try (FakeLensServer server = FakeLensServer.playing(RUN.events());
                LensClient client = server.client()) {
            assertEquals(
                    client.analyze(REQUEST), client.async().analyze(REQUEST).get(10, TimeUnit.SECONDS));
        }
    }

    @Test
    void cancelingTheFutureCancelsTheCallOnTheServer() throws InterruptedException {
        try (FakeLensServer server = FakeLensServer.hangingAfter(RUN.events().subList(0, 3));
                LensClient client = server.client()) {
            CompletableFuture<LensResult> future = client.async().analyze(REQUEST);
            server.nextRequest();
            assertTrue(future.cancel(false));
            assertTrue(server.isCancelledSoon());
        }
    }

    @Test
    void aFutureThatTimesOutCancelsTheCallToo() throws InterruptedException {
        try (FakeLensServer server = FakeLensServer.hangingAfter(RUN.events().subList(0, 3));
                LensClient client = server.client()) {
            CompletableFuture<LensResult> future =
                    client.async().analyze(REQUEST).orTimeout(50, TimeUnit.MILLISECONDS);
            ExecutionException error = assertThrows(ExecutionException.class, () -> future.get(10, TimeUnit.SECONDS));
            assertInstanceOf(TimeoutException.class, error.getCause());
            assertTrue(server.isCancelledSoon());
        }
    }

    @Test
    void aFailedCallFailsItsFuture() {
        try (FakeLensServer server = FakeLensServer.failingAfter(
                        List.of(), FakeLensServer.error(Status.Code.INTERNAL, "fault 4711"));
                LensClient client = server.client()) {
            ExecutionException error = assertThrows(
                    ExecutionException.class,
                    () -> client.async().analyze(REQUEST).get(10, TimeUnit.SECONDS));
            LensException cause = assertInstanceOf(LensException.class, error.getCause());
            assertEquals(ErrorCode.INTERNAL, cause.code());
            assertTrue(String.valueOf(cause.getMessage()).contains("fault 4711"));
        }
    }

    @Test
    void aRefusedAnswerFailsTheFutureAndCancelsTheCall() throws InterruptedException {
        try (FakeLensServer server = FakeLensServer.hangingAfter(RUN.events().subList(1, 3));
                LensClient client = server.client()) {
            ExecutionException error = assertThrows(
                    ExecutionException.class,
                    () -> client.async().analyze(REQUEST).get(10, TimeUnit.SECONDS));
            assertEquals(
                    ErrorCode.BROKEN_STREAM,
                    assertInstanceOf(LensException.class, error.getCause()).code());
            assertTrue(server.isCancelledSoon());
        }
    }

    @Test
    void saysWhoItIs() throws InterruptedException {
        try (FakeLensServer server = FakeLensServer.playing(RUN.events());
                LensClient client = server.client()) {
            client.analyze(REQUEST);
            String userAgent = String.valueOf(server.nextHeaders().get(USER_AGENT));
            assertTrue(userAgent.startsWith("stratalens-java/"), userAgent);
        }
    }

    @Test
    void aCallHasADeadlineOnlyIfItWasAskedFor() throws InterruptedException {
        try (FakeLensServer server = FakeLensServer.playing(RUN.events());
                LensClient client = server.client()) {
            client.analyze(REQUEST);
            assertFalse(server.nextHasDeadline());
            client.analyze(REQUEST.toBuilder().timeout(Duration.ofSeconds(20)).build());
            assertTrue(server.nextHasDeadline());
        }
    }

    @Test
    void listsModelsWithTheirFacts() {
        try (FakeLensServer server = FakeLensServer.playing(List.of(), new FakeModelService());
                LensClient client = server.client()) {
            List<ServedModel> models = client.models();
            assertEquals(2, models.size());
            assertEquals(
                    ServedModel.builder("broken", ModelState.FAILED)
                            .error(Optional.of("model.safetensors is truncated"))
                            .build(),
                    models.get(0));
            ServedModel tiny = models.get(1);
            assertEquals(client.model("tiny"), tiny);
            assertEquals(
                    Optional.of(ModelFacts.builder(ModelInfo.builder("tiny", 4)
                                    .architecture("llama")
                                    .hiddenSize(16)
                                    .vocabularySize(120)
                                    .storedType("bfloat16")
                                    .computeType("float32")
                                    .revision("0f1e2d")
                                    .build())
                            .contextLength(64)
                            .parameterCount(12345)
                            .placements(List.of(Placement.of("cpu", 0, 4)))
                            .headDevices(List.of("cpu"))
                            .finalNorm(ModelFacts.FinalNorm.RMS_NORM)
                            .tiedHead(true)
                            .hasChatTemplate(true)
                            .build()),
                    tiny.facts());
            LensException unknown = assertThrows(LensException.class, () -> client.model("other"));
            assertEquals(ErrorCode.REFUSED, unknown.code());
        }
    }

    @Test
    void loadsAModelAndHearsHowFarItIs() {
        try (FakeLensServer server = FakeLensServer.playing(List.of(), new FakeModelService());
                LensClient client = server.client()) {
            List<Progress> heard = new ArrayList<>();

            ServedModel model = client.loadModel("tiny", heard::add);

            assertEquals(ModelState.READY, model.state());
            assertEquals(5_000, model.memoryBytes());
            assertEquals(1, model.requests());
            assertEquals(Optional.of(Duration.ofSeconds(7, 8)), model.unusedFor());
            assertEquals(
                    List.of(
                            Progress.of(Progress.Phase.DOWNLOAD, 3_000_000_000L, OptionalLong.of(5_000_000_000L)),
                            Progress.of(Progress.Phase.OTHER, 0, OptionalLong.of(0)),
                            Progress.of(Progress.Phase.LOADING, 1, OptionalLong.of(2))),
                    heard);
            assertEquals(model, client.loadModel("tiny"));
        }
    }

    @Test
    void aLoadingThatEndsWithoutAModelIsAnError() {
        try (FakeLensServer server = FakeLensServer.playing(List.of(), new FakeModelService());
                LensClient client = server.client()) {
            LensException broken = assertThrows(LensException.class, () -> client.loadModel("other"));
            assertEquals(ErrorCode.BROKEN_STREAM, broken.code());

            IllegalStateException thrown = new IllegalStateException("of the listener");
            assertSame(
                    thrown,
                    assertThrows(
                            IllegalStateException.class,
                            () -> client.loadModel("tiny", progress -> {
                                throw thrown;
                            })));
        }
    }

    @Test
    void unloadsAModelAndSaysHowLongToWait() {
        try (FakeLensServer server = FakeLensServer.playing(List.of(), new FakeModelService());
                LensClient client = server.client()) {
            assertEquals(30_000, client.unloadModel("tiny"));
            assertEquals(1_500, client.unloadModel("tiny", Duration.ofMillis(1_500)));
            assertEquals(0, client.unloadModel("tiny", Duration.ZERO));
        }
    }

    @Test
    void rendersAChatWithTheModelsTemplate() {
        try (FakeLensServer server = FakeLensServer.playing(List.of(), new FakeModelService());
                LensClient client = server.client()) {
            Prompt.Chat chat = Prompt.chat(ChatMessage.of("system", "Be brief."), ChatMessage.of("user", "Hi"));

            assertEquals("tiny|system:Be brief.|user:Hi|", client.renderChat("tiny", chat));
        }
    }

    @Test
    void tokenizesAsTheModelReads() {
        try (FakeLensServer server = FakeLensServer.playing(List.of(), new FakeModelService());
                LensClient client = server.client()) {
            Tokenization withSpecial =
                    client.tokenize(TokenizeRequest.of("a b").model("tiny").build());
            assertEquals(64, withSpecial.contextLength());
            assertEquals(
                    List.of("<s>", "a", "Ġ", "b"),
                    withSpecial.tokens().stream()
                            .map(token -> token.token().raw())
                            .toList());
            assertEquals(
                    PromptToken.of(Token.of(101, "Ġ", " "), 1, 2),
                    withSpecial.tokens().get(2));
            assertEquals(
                    3,
                    client.tokenize(TokenizeRequest.of("a b")
                                    .model("tiny")
                                    .withoutSpecialTokens()
                                    .build())
                            .tokens()
                            .size());
        }
    }

    @Test
    void aServerSaysWhatItCanDo() {
        try (FakeLensServer server = FakeLensServer.playing(List.of(), new FakeServerService());
                LensClient client = server.client()) {
            ServerInfo info = client.serverInfo();
            assertEquals("0.1.0", info.version());
            assertEquals(List.of("gpt2", "llama"), info.supportedArchitectures());
            assertEquals(100, info.limits().topK());
            assertEquals(64, info.limits().interventions());
            assertEquals(OptionalLong.of(1 << 30), info.limits().memoryBudgetBytes());
            assertEquals(OptionalLong.empty(), info.limits().requestMemoryBytes());
            assertEquals(Optional.of(Duration.ofMinutes(1)), info.limits().readerPatience());
            assertEquals(
                    List.of(ServerDevice.builder("cpu")
                            .memoryBytes(OptionalLong.of(1L << 33))
                            .build()),
                    info.devices());
        }
    }

    @Test
    void connectWaitsForAServerAndSaysWhichIsMissing() {
        try (FakeLensServer server = FakeLensServer.playing(List.of(), new FakeServerService());
                LensClient client = server.client()) {
            client.connect(Duration.ofSeconds(10));
        }
        try (LensClient client = LensClient.inProcess("nobody")) {
            LensException error = assertThrows(LensException.class, () -> client.connect(Duration.ofMillis(200)));
            assertEquals(ErrorCode.UNAVAILABLE, error.code());
            assertTrue(String.valueOf(error.getMessage()).startsWith("No server answered within 200 ms"));
        }
    }

    @Test
    void closingEndsRunningCallsAndMayBeRepeated() throws Exception {
        try (FakeLensServer server = FakeLensServer.hangingAfter(RUN.events().subList(0, 2))) {
            LensClient client = server.client();
            CompletableFuture<LensResult> future = client.async().analyze(REQUEST);
            server.nextRequest();
            client.close();
            client.close();
            ExecutionException error = assertThrows(ExecutionException.class, () -> future.get(10, TimeUnit.SECONDS));
            assertInstanceOf(LensException.class, error.getCause());
            assertTrue(server.isCancelledSoon());
        }
    }
}
