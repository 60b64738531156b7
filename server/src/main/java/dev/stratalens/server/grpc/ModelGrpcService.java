package dev.stratalens.server.grpc;

import dev.stratalens.server.lens.LensEngine;
import dev.stratalens.server.lens.LensPrompt.SpecialTokens;
import dev.stratalens.server.registry.ModelRegistry;
import dev.stratalens.server.registry.ServedModel;
import dev.stratalens.server.text.TokenizedText;
import dev.stratalens.v1.GetModelRequest;
import dev.stratalens.v1.GetModelResponse;
import dev.stratalens.v1.ListModelsRequest;
import dev.stratalens.v1.ListModelsResponse;
import dev.stratalens.v1.ModelServiceGrpc;
import dev.stratalens.v1.ModelStatus;
import dev.stratalens.v1.RenderChatRequest;
import dev.stratalens.v1.RenderChatResponse;
import dev.stratalens.v1.TokenizeRequest;
import dev.stratalens.v1.TokenizeResponse;
import io.grpc.stub.StreamObserver;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** What is served, and how it reads text. */
public final class ModelGrpcService extends ModelServiceGrpc.ModelServiceImplBase {

    private final ModelRegistry registry;
    private final ServerFacts facts;
    private final FailureStatus failures;

    public ModelGrpcService(ModelRegistry registry, ServerFacts facts, FailureStatus failures) {
        this.registry = registry;
        this.facts = facts;
        this.failures = failures;
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

    private <R> void whenLoaded(StreamObserver<R> observer, String name, Function<LensEngine, R> response) {
        try {
            ServedModel model = registry.find(name, "model");
            model.whenLoaded(
                    engine -> answer(observer, model.name(), () -> response.apply(engine)),
                    failure -> observer.onError(failures.exceptionOf(failure, model.name())));
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
