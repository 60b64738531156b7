package dev.stratalens.server.grpc;

import dev.stratalens.engine.lens.LensEngine;
import dev.stratalens.engine.lens.plan.LensPrompt.SpecialTokens;
import dev.stratalens.engine.text.TokenizedText;
import dev.stratalens.server.error.ManagementDisabledException;
import dev.stratalens.server.models.ModelManagement;
import dev.stratalens.server.models.ModelRegistry;
import dev.stratalens.server.models.ServedModel;
import dev.stratalens.v1.GetModelRequest;
import dev.stratalens.v1.GetModelResponse;
import dev.stratalens.v1.ListModelsRequest;
import dev.stratalens.v1.ListModelsResponse;
import dev.stratalens.v1.LoadModelRequest;
import dev.stratalens.v1.LoadModelResponse;
import dev.stratalens.v1.ModelServiceGrpc;
import dev.stratalens.v1.ModelStatus;
import dev.stratalens.v1.RenderChatRequest;
import dev.stratalens.v1.RenderChatResponse;
import dev.stratalens.v1.TokenizeRequest;
import dev.stratalens.v1.TokenizeResponse;
import dev.stratalens.v1.UnloadModelRequest;
import dev.stratalens.v1.UnloadModelResponse;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** What is served, what of it is in memory, and how it reads text. */
public final class ModelGrpcService extends ModelServiceGrpc.ModelServiceImplBase {

    private final ModelRegistry registry;
    private final ServerFacts facts;
    private final FailureStatus failures;
    private final ModelManagement management;
    private final TextCalls texts;
    private final Streams streams;
    private final ScheduledExecutorService timer;

    /** @param timer ends the waiting for models in use; the caller's to stop */
    public ModelGrpcService(
            ModelRegistry registry,
            ServerFacts facts,
            FailureStatus failures,
            ModelManagement management,
            TextCalls texts,
            Streams streams,
            ScheduledExecutorService timer) {
        this.registry = registry;
        this.facts = facts;
        this.failures = failures;
        this.management = management;
        this.texts = texts;
        this.streams = streams;
        this.timer = timer;
    }

    @Override
    public void listModels(ListModelsRequest request, StreamObserver<ListModelsResponse> observer) {
        answer(
                observer,
                "",
                () -> ListModelsResponse.newBuilder()
                        .addAllModels(
                                registry.models().stream().map(this::status).toList())
                        .addAllSupportedArchitectures(facts.supportedArchitectures())
                        .setServerVersion(facts.version())
                        .setMemoryBudgetBytes(
                                registry.budgetBytes() == ModelRegistry.UNBOUNDED ? 0 : registry.budgetBytes())
                        .build());
    }

    @Override
    public void getModel(GetModelRequest request, StreamObserver<GetModelResponse> observer) {
        answer(
                observer,
                request.getName(),
                () -> GetModelResponse.newBuilder()
                        .setModel(status(registry.find(request.getName(), "name")))
                        .build());
    }

    @Override
    public void tokenize(TokenizeRequest request, StreamObserver<TokenizeResponse> observer) {
        whenLoaded(observer, request.getModel(), engine -> tokens(request, engine));
    }

    @Override
    public void renderChat(RenderChatRequest request, StreamObserver<RenderChatResponse> observer) {
        whenLoaded(
                observer,
                request.getModel(),
                engine -> RenderChatResponse.newBuilder()
                        .setText(RenderedChat.of(request, engine.tokenizer()))
                        .build());
    }

    @Override
    public void loadModel(LoadModelRequest request, StreamObserver<LoadModelResponse> observer) {
        try {
            ServedModel model = managed(request.getName());
            LoadCall.begin(
                    model,
                    (ServerCallStreamObserver<LoadModelResponse>) observer,
                    () -> LoadModelResponse.newBuilder().setModel(status(model)).build(),
                    streams);
        } catch (RuntimeException failure) {
            observer.onError(failures.exceptionOf(failure, request.getName()));
        }
    }

    @Override
    public void unloadModel(UnloadModelRequest request, StreamObserver<UnloadModelResponse> observer) {
        try {
            ServedModel model = managed(request.getName());
            Duration wait = RequestParser.unloadWait(request);
            long bytes = model.memoryBytes();
            // A caller who goes away does not stop it: whoever unloads models and leaves wants them gone.
            ((ServerCallStreamObserver<UnloadModelResponse>) observer).setOnCancelHandler(() -> {});
            CompletableFuture<Void> unload = model.unload();
            var patience = timer.schedule(() -> model.callOff(unload), wait.toNanos(), TimeUnit.NANOSECONDS);
            var unused = unload.whenComplete((nothing, failure) -> {
                patience.cancel(false);
                if (failure == null) {
                    observer.onNext(UnloadModelResponse.newBuilder()
                            .setFreedBytes(bytes)
                            .build());
                    observer.onCompleted();
                } else {
                    observer.onError(failures.exceptionOf(failure, model.name()));
                }
            });
        } catch (RuntimeException failure) {
            observer.onError(failures.exceptionOf(failure, request.getName()));
        }
    }

    private ServedModel managed(String name) {
        if (management == ModelManagement.REFUSED) {
            throw new ManagementDisabledException();
        }
        return registry.find(name, "name");
    }

    private <R> void whenLoaded(StreamObserver<R> observer, String name, Function<LensEngine, R> response) {
        try {
            ServedModel model = registry.find(name, "model");
            texts.answer(model, (ServerCallStreamObserver<R>) observer, response);
        } catch (RuntimeException failure) {
            observer.onError(failures.exceptionOf(failure, name));
        }
    }

    private <R> void answer(StreamObserver<R> observer, String model, Supplier<R> response) {
        R message;
        try {
            message = response.get();
        } catch (RuntimeException failure) {
            observer.onError(failures.exceptionOf(failure, model));
            return;
        }
        observer.onNext(message);
        observer.onCompleted();
    }

    private ModelStatus status(ServedModel model) {
        return ModelMessages.status(model, failure -> failures.statusOf(failure, model.name()));
    }

    private static TokenizeResponse tokens(TokenizeRequest request, LensEngine engine) {
        boolean addSpecialTokens =
                RequestParser.specialTokens(request.hasAddSpecialTokens(), request.getAddSpecialTokens())
                        == SpecialTokens.TOKENIZER_DEFAULT;
        TokenizedText text = engine.tokenizer().encode(request.getText(), addSpecialTokens);
        TokenizeResponse.Builder response = TokenizeResponse.newBuilder()
                .setTokens(new TokenTexts(engine.tokenizer()).unsent(IntStream.of(text.ids())))
                .setTokenSpelling(ModelMessages.spelling(engine.tokenizer().spelling()))
                .setContextLength(engine.description().contextLength());
        IntStream.of(text.ids()).forEach(response::addTokenIds);
        IntStream.of(text.starts()).forEach(response::addTokenStarts);
        IntStream.of(text.ends()).forEach(response::addTokenEnds);
        return response.build();
    }
}
