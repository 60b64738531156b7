package dev.stratalens.server.grpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stratalens.engine.error.InvalidCheckpointException;
import dev.stratalens.engine.error.InvalidCheckpointException.Problem;
import dev.stratalens.engine.fake.FakeLensEngine;
import dev.stratalens.engine.fake.FakeModel;
import dev.stratalens.engine.fake.FakeTokenizer;
import dev.stratalens.server.LensServer;
import dev.stratalens.v1.AnalyzeRequest;
import dev.stratalens.v1.ChatMessage;
import dev.stratalens.v1.GetModelRequest;
import dev.stratalens.v1.InvalidCheckpoint;
import dev.stratalens.v1.LensServiceGrpc;
import dev.stratalens.v1.ListModelsRequest;
import dev.stratalens.v1.ListModelsResponse;
import dev.stratalens.v1.ModelDescription;
import dev.stratalens.v1.ModelServiceGrpc;
import dev.stratalens.v1.ModelServiceGrpc.ModelServiceBlockingStub;
import dev.stratalens.v1.ModelState;
import dev.stratalens.v1.ModelStatus;
import dev.stratalens.v1.Phase;
import dev.stratalens.v1.Placement;
import dev.stratalens.v1.RenderChatRequest;
import dev.stratalens.v1.TokenSpelling;
import dev.stratalens.v1.TokenizeRequest;
import dev.stratalens.v1.TokenizeResponse;
import io.grpc.ManagedChannel;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.protobuf.StatusProto;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Three models: one fails, one loads until it is let go on, one loads after it. */
final class ModelGrpcServiceTest {

    private final CountDownLatch loading = new CountDownLatch(1);
    private final CountDownLatch mayLoad = new CountDownLatch(1);
    private final String name = UUID.randomUUID().toString();
    private final LensServer server = LensServer.builder(List.of("broken", "slow", "after"), this::load)
            .facts(new ServerFacts("1.2.3", List.of("gpt2", "llama")))
            .inProcess(name)
            .build();
    private final ManagedChannel channel = InProcessChannelBuilder.forName(name).build();

    private FakeLensEngine load(String model, dev.stratalens.server.models.ModelLoadListener listener) {
        if (model.equals("broken")) {
            throw new InvalidCheckpointException(
                    Problem.TRUNCATED, "model.safetensors", List.of(), "model.safetensors ends early.");
        }
        if (model.equals("slow")) {
            listener.loaded(3, 8);
            loading.countDown();
            try {
                mayLoad.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        return FakeLensEngine.named(model);
    }

    @BeforeEach
    void start() throws IOException, InterruptedException {
        server.start();
        loading.await();
    }

    @AfterEach
    void stop() {
        mayLoad.countDown();
        channel.shutdownNow();
        server.stop();
    }

    @Test
    void listsModelsByNameInWhateverState() {
        ListModelsResponse response = models().listModels(ListModelsRequest.getDefaultInstance());

        assertEquals(
                List.of("after", "broken", "slow"),
                response.getModelsList().stream().map(ModelStatus::getName).toList());
        assertEquals(
                List.of(ModelState.MODEL_STATE_LOADING, ModelState.MODEL_STATE_FAILED, ModelState.MODEL_STATE_LOADING),
                response.getModelsList().stream().map(ModelStatus::getState).toList());
    }

    @Test
    void tellsWhyAModelFailed() throws Exception {
        ModelStatus status = models().getModel(
                        GetModelRequest.newBuilder().setModel("broken").build())
                .getModel();

        assertEquals(Code.FAILED_PRECONDITION.value(), status.getError().getCode());
        InvalidCheckpoint detail = status.getError().getDetails(1).unpack(InvalidCheckpoint.class);
        assertEquals("broken", detail.getModel());
        assertEquals("model.safetensors", detail.getFile());
        assertFalse(status.hasDescription());
    }

    @Test
    void refusesAChatThatIsEmptyOrForAModelWithoutATemplate() {
        mayLoad.countDown();
        RenderChatRequest.Builder request = RenderChatRequest.newBuilder().setModel("after");
        for (String message : List.of(
                "chat.messages: must be given",
                "chat.messages[0].role: must be given",
                "chat.messages: the model has no chat template. Send a text instead.")) {
            StatusRuntimeException refusal =
                    assertThrows(StatusRuntimeException.class, () -> models().renderChat(request.build()));
            assertEquals(Code.INVALID_ARGUMENT, refusal.getStatus().getCode());
            assertTrue(refusal.toString().contains(message), refusal.getMessage());
            request.getChatBuilder()
                    .clearMessages()
                    .addMessages(ChatMessage.newBuilder().setRole(message.contains("[") ? "user" : ""));
        }
    }

    @Test
    void refusesToAnalyzeOrTokenizeWithAModelThatFailed() {
        List<StatusRuntimeException> refusals = List.of(
                assertThrows(
                        StatusRuntimeException.class,
                        () -> LensServiceGrpc.newBlockingStub(channel)
                                .analyze(AnalyzeRequest.newBuilder()
                                        .setModel("broken")
                                        .setPrompt(Prompts.text("x"))
                                        .build())
                                .hasNext()),
                assertThrows(
                        StatusRuntimeException.class,
                        () -> models().tokenize(TokenizeRequest.newBuilder()
                                        .setModel("broken")
                                        .setPrompt(Prompts.text("x"))
                                        .build())
                                .hasNext()));

        for (StatusRuntimeException refusal : refusals) {
            assertEquals(Code.FAILED_PRECONDITION, refusal.getStatus().getCode());
            assertTrue(StatusProto.fromThrowable(refusal).getDetails(1).is(InvalidCheckpoint.class));
        }
    }

    @Test
    void callsThatComeWhileAModelLoadsHearOfItAndAreAnswered() throws InterruptedException {
        ReadingClient client = ReadingClient.call(
                        LensServiceGrpc.newStub(channel),
                        AnalyzeRequest.newBuilder()
                                .setModel("slow")
                                .setPrompt(Prompts.text("x"))
                                .build())
                .readAll();

        var progress = client.next().getProgress();
        assertEquals(Phase.PHASE_LOADING, progress.getPhase());
        assertEquals(3, progress.getDone());
        assertEquals(8, progress.getTotal());
        mayLoad.countDown();

        assertEquals(Code.OK, client.awaitStatus().getCode());
    }

    @Test
    void describesALoadedModel() throws InterruptedException {
        mayLoad.countDown();
        awaitLoaded("slow");

        ModelDescription description = models().getModel(
                        GetModelRequest.newBuilder().setModel("slow").build())
                .getModel()
                .getDescription();

        assertEquals("slow", description.getName());
        assertEquals("0123abcd", description.getRevision());
        assertEquals(FakeModel.BLOCKS, description.getBlockCount());
        assertEquals(FakeModel.VOCABULARY, description.getVocabularySize());
        assertEquals(dev.stratalens.v1.DataType.DATA_TYPE_BFLOAT16, description.getStoredType());
        assertEquals(dev.stratalens.v1.DataType.DATA_TYPE_FLOAT32, description.getComputeType());
        assertEquals(dev.stratalens.v1.NormKind.NORM_KIND_RMS_NORM, description.getFinalNorm());
        assertTrue(description.getTiedHead());
        assertFalse(description.getHeadBias());
        assertFalse(description.hasLogitScale() || description.hasLogitSoftcap());
        assertEquals(
                Placement.newBuilder()
                        .setDevice("cpu")
                        .setBlockCount(FakeModel.BLOCKS)
                        .build(),
                description.getPlacements(0));
    }

    @Test
    void tokenizesAsAnalyzeWould() {
        mayLoad.countDown();

        TokenizeResponse response = models().tokenize(TokenizeRequest.newBuilder()
                        .setModel("slow")
                        .setPrompt(Prompts.text("aa"))
                        .build())
                .next();

        assertEquals(
                List.of(FakeTokenizer.BOS, (int) 'a', (int) 'a'),
                response.getChunk().getTokenIdsList());
        assertEquals(List.of(0, 0, 1), response.getChunk().getTokenStartsList());
        assertEquals(List.of(0, 1, 2), response.getChunk().getTokenEndsList());
        assertEquals(
                List.of(FakeTokenizer.BOS, (int) 'a'),
                response.getChunk().getNewTokens().getIdsList());
        assertEquals(TokenSpelling.TOKEN_SPELLING_BYTE_LEVEL, response.getTokenSpelling());
        assertEquals(FakeModel.CONTEXT, response.getContextLength());
    }

    @Test
    void answersTextsOfNoTokensAndOfTooMany() {
        mayLoad.countDown();
        TokenizeRequest.Builder bare = TokenizeRequest.newBuilder().setModel("slow");
        bare.getPromptBuilder().setOmitSpecialTokens(true).setText("");

        TokenizeResponse nothing = models().tokenize(bare.build()).next();
        assertEquals(0, nothing.getTokenCount());
        assertEquals(0, nothing.getChunk().getTokenIdsCount());
        bare.getPromptBuilder().setText("x".repeat(10_000));
        List<TokenizeResponse> parts = new ArrayList<>();
        models().tokenize(bare.build()).forEachRemaining(parts::add);
        assertEquals(
                List.of(4096, 4096, 1808),
                parts.stream().map(part -> part.getChunk().getTokenIdsCount()).toList());
        assertEquals(
                List.of(0, 4096, 8192),
                parts.stream().map(part -> part.getChunk().getFirstToken()).toList());
        assertEquals(10_000, parts.get(0).getTokenCount());
        assertFalse(parts.get(1).hasTokenCount() || parts.get(1).hasContextLength());
    }

    @Test
    void listsModelsInPages() {
        ListModelsRequest.Builder request = ListModelsRequest.newBuilder().setPageSize(2);
        ListModelsResponse first = models().listModels(request.build());
        ListModelsResponse second = models().listModels(
                        request.setPageToken(first.getNextPageToken()).build());

        assertEquals(
                List.of("after", "broken"),
                first.getModelsList().stream().map(ModelStatus::getName).toList());
        assertEquals(
                List.of("slow"),
                second.getModelsList().stream().map(ModelStatus::getName).toList());
        assertFalse(second.hasNextPageToken());
        for (ListModelsRequest bad : List.of(
                ListModelsRequest.newBuilder().setPageSize(-1).build(),
                ListModelsRequest.newBuilder().setPageToken("?").build())) {
            StatusRuntimeException refused = assertThrows(StatusRuntimeException.class, () -> models().listModels(bad));
            assertEquals(Code.INVALID_ARGUMENT, refused.getStatus().getCode());
        }
    }

    @Test
    void wantsANameWhereThereAreSeveral() {
        StatusRuntimeException refused = assertThrows(
                StatusRuntimeException.class, () -> models().getModel(GetModelRequest.getDefaultInstance()));

        assertEquals(Code.INVALID_ARGUMENT, refused.getStatus().getCode());
    }

    @Test
    void healthFollowsTheModels() throws InterruptedException {
        assertEquals(ServingStatus.NOT_SERVING, health(""));
        assertEquals(ServingStatus.NOT_SERVING, health("slow"));
        assertEquals(ServingStatus.NOT_SERVING, health("broken"));

        mayLoad.countDown();
        awaitLoaded("after");

        assertEquals(ServingStatus.SERVING, health("slow"));
        assertEquals(ServingStatus.SERVING, health("after"));
        assertEquals(ServingStatus.NOT_SERVING, health("broken"));
        assertEquals(ServingStatus.SERVING, health(""));
        assertEquals(ServingStatus.SERVING, health(LensServiceGrpc.SERVICE_NAME));
    }

    /** The answer waits until the model is loaded; health is told just before. */
    private void awaitLoaded(String model) {
        var unused = models().tokenize(TokenizeRequest.newBuilder()
                        .setModel(model)
                        .setPrompt(Prompts.text("x"))
                        .build())
                .next();
    }

    private ServingStatus health(String service) {
        return HealthGrpc.newBlockingStub(channel)
                .check(HealthCheckRequest.newBuilder().setService(service).build())
                .getStatus();
    }

    private ModelServiceBlockingStub models() {
        return ModelServiceGrpc.newBlockingStub(channel).withDeadlineAfter(20, TimeUnit.SECONDS);
    }
}
