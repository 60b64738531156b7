package dev.stratalens.client.fake;

import com.google.protobuf.ByteString;
import com.google.protobuf.Duration;
import dev.stratalens.v1.GetModelRequest;
import dev.stratalens.v1.GetModelResponse;
import dev.stratalens.v1.ListModelsRequest;
import dev.stratalens.v1.ListModelsResponse;
import dev.stratalens.v1.LoadModelRequest;
import dev.stratalens.v1.LoadModelResponse;
import dev.stratalens.v1.LoadProgress;
import dev.stratalens.v1.LoadStep;
import dev.stratalens.v1.ModelServiceGrpc;
import dev.stratalens.v1.ModelState;
import dev.stratalens.v1.ModelStatus;
import dev.stratalens.v1.RenderChatRequest;
import dev.stratalens.v1.RenderChatResponse;
import dev.stratalens.v1.TokenSpelling;
import dev.stratalens.v1.TokenTable;
import dev.stratalens.v1.TokenizeRequest;
import dev.stratalens.v1.TokenizeResponse;
import dev.stratalens.v1.UnloadModelRequest;
import dev.stratalens.v1.UnloadModelResponse;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;

/** Serves {@link FakeRun#MODEL}, ready, and a model that failed to load. */
public final class FakeModelService extends ModelServiceGrpc.ModelServiceImplBase {

    private static final ModelStatus READY = ModelStatus.newBuilder()
            .setName("tiny")
            .setState(ModelState.MODEL_STATE_READY)
            .setDescription(FakeRun.MODEL)
            .build();

    private static final ModelStatus FAILED = ModelStatus.newBuilder()
            .setName("broken")
            .setState(ModelState.MODEL_STATE_FAILED)
            .setError(com.google.rpc.Status.newBuilder().setCode(9).setMessage("model.safetensors is truncated"))
            .build();

    @Override
    public void listModels(ListModelsRequest request, StreamObserver<ListModelsResponse> observer) {
        answer(
                observer,
                ListModelsResponse.newBuilder()
                        .addModels(FAILED)
                        .addModels(READY)
                        .addSupportedArchitectures("gpt2")
                        .addSupportedArchitectures("llama")
                        .setServerVersion("0.1.0")
                        .build());
    }

    @Override
    public void getModel(GetModelRequest request, StreamObserver<GetModelResponse> observer) {
        if (request.getName().equals("tiny")) {
            answer(observer, GetModelResponse.newBuilder().setModel(READY).build());
        } else {
            observer.onError(FakeLensServer.error(Status.Code.NOT_FOUND, "no model " + request.getName()));
        }
    }

    /** Downloads, reads a block of two, says something that no client knows yet, and is ready; loads "tiny" only. */
    @Override
    public void loadModel(LoadModelRequest request, StreamObserver<LoadModelResponse> observer) {
        if (!request.getName().equals("tiny")) {
            observer.onNext(progress(LoadStep.LOAD_STEP_WEIGHTS, 1, 2));
            observer.onCompleted();
            return;
        }
        observer.onNext(progress(LoadStep.LOAD_STEP_DOWNLOAD, 3_000_000_000L, 5_000_000_000L));
        observer.onNext(progress(LoadStep.LOAD_STEP_UNSPECIFIED, 0, 0));
        observer.onNext(progress(LoadStep.LOAD_STEP_WEIGHTS, 1, 2));
        observer.onNext(LoadModelResponse.newBuilder()
                .setModel(READY.toBuilder()
                        .setMemoryBytes(5_000)
                        .setRequests(1)
                        .setUnusedFor(Duration.newBuilder().setSeconds(7).setNanos(8)))
                .build());
        observer.onCompleted();
    }

    private static LoadModelResponse progress(LoadStep step, long done, long total) {
        return LoadModelResponse.newBuilder()
                .setProgress(
                        LoadProgress.newBuilder().setStep(step).setDone(done).setTotal(total))
                .build();
    }

    /** Frees as many bytes as there are milliseconds to wait. */
    @Override
    public void unloadModel(UnloadModelRequest request, StreamObserver<UnloadModelResponse> observer) {
        long millis = request.getWait().getSeconds() * 1_000 + request.getWait().getNanos() / 1_000_000;
        answer(observer, UnloadModelResponse.newBuilder().setFreedBytes(millis).build());
    }

    /** One token a character; special tokens are one of no bytes in front. */
    @Override
    public void tokenize(TokenizeRequest request, StreamObserver<TokenizeResponse> observer) {
        TokenizeResponse.Builder response = TokenizeResponse.newBuilder()
                .setTokenSpelling(TokenSpelling.TOKEN_SPELLING_BYTE_LEVEL)
                .setContextLength(64);
        TokenTable.Builder table = TokenTable.newBuilder();
        if (!request.hasAddSpecialTokens() || request.getAddSpecialTokens()) {
            response.addTokenIds(0).addTokenStarts(0).addTokenEnds(0);
            table.addIds(0).addTexts(ByteString.EMPTY).addIrregularIds(0).addIrregularSpellings("<s>");
        }
        for (int i = 0; i < request.getText().length(); i++) {
            response.addTokenIds(100 + i).addTokenStarts(i).addTokenEnds(i + 1);
            table.addIds(100 + i)
                    .addTexts(ByteString.copyFromUtf8(request.getText().substring(i, i + 1)));
        }
        answer(observer, response.setTokens(table).build());
    }

    /** The model's name, then each message, with bars between. */
    @Override
    public void renderChat(RenderChatRequest request, StreamObserver<RenderChatResponse> observer) {
        if (request.getMessagesCount() == 0) {
            observer.onError(FakeLensServer.error(Status.Code.INVALID_ARGUMENT, "no messages"));
            return;
        }
        StringBuilder text = new StringBuilder(request.getModel()).append('|');
        request.getMessagesList()
                .forEach(message -> text.append(message.getRole())
                        .append(':')
                        .append(message.getContent())
                        .append('|'));
        answer(
                observer,
                RenderChatResponse.newBuilder().setText(text.toString()).build());
    }

    private static <T> void answer(StreamObserver<T> observer, T response) {
        observer.onNext(response);
        observer.onCompleted();
    }
}
