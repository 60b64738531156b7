package dev.stratalens.server.grpc;

import com.google.protobuf.MessageLite;
import dev.stratalens.engine.error.InvalidFieldException;
import dev.stratalens.engine.lens.LensEngine;
import dev.stratalens.engine.lens.plan.ChatRenderer;
import dev.stratalens.engine.tensor.Device;
import dev.stratalens.server.access.Right;
import dev.stratalens.server.error.ManagementDisabledException;
import dev.stratalens.server.grpc.access.CallerModels;
import dev.stratalens.server.grpc.message.ModelMessages;
import dev.stratalens.server.grpc.message.ModelPages;
import dev.stratalens.server.grpc.request.PromptParser;
import dev.stratalens.server.grpc.request.RequestParser;
import dev.stratalens.server.grpc.request.TokenizeAnswer;
import dev.stratalens.server.grpc.status.FailureStatus;
import dev.stratalens.server.grpc.stream.Streams;
import dev.stratalens.server.grpc.watch.CurrentRequest;
import dev.stratalens.server.models.ModelManagement;
import dev.stratalens.server.models.ModelRegistry;
import dev.stratalens.server.models.NamedModel;
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
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;

/** What is served, what of it is in memory, and how it reads text. */
public final class ModelGrpcService extends ModelServiceGrpc.ModelServiceImplBase {

    /** Of a chat as one message. */
    private static final int MAX_RENDERED_BYTES = 3 << 20;

    private final ModelRegistry registry;
    private final FailureStatus failures;
    private final ModelManagement management;
    private final TextCalls texts;
    private final Streams streams;
    private final ScheduledExecutorService timer;

    /** @param timer ends the waiting for models in use; the caller's to stop */
    public ModelGrpcService(
            ModelRegistry registry,
            FailureStatus failures,
            ModelManagement management,
            TextCalls texts,
            Streams streams,
            ScheduledExecutorService timer) {
        this.registry = registry;
        this.failures = failures;
        this.management = management;
        this.texts = texts;
        this.streams = streams;
        this.timer = timer;
    }

    @Override
    public void listModels(ListModelsRequest request, StreamObserver<ListModelsResponse> observer) {
        answer(observer, "", () -> {
            ModelPages page = ModelPages.of(models().all(), request);
            ListModelsResponse.Builder response = ListModelsResponse.newBuilder();
            page.models().forEach(model -> response.addModels(status(model)));
            page.nextToken().ifPresent(response::setNextPageToken);
            return response.build();
        });
    }

    @Override
    public void getModel(GetModelRequest request, StreamObserver<GetModelResponse> observer) {
        answer(
                observer,
                request.getModel(),
                () -> GetModelResponse.newBuilder()
                        .setModel(status(found(request.getModel(), Right.SEE)))
                        .build());
    }

    @Override
    public void tokenize(TokenizeRequest request, StreamObserver<TokenizeResponse> observer) {
        whenLoaded(observer, request.getModel(), engine -> TokenizeAnswer.of(request, engine));
    }

    @Override
    public void renderChat(RenderChatRequest request, StreamObserver<RenderChatResponse> observer) {
        whenLoaded(
                observer,
                request.getModel(),
                engine -> List.of(rendered(request, engine)).iterator());
    }

    @Override
    public void loadModel(LoadModelRequest request, StreamObserver<LoadModelResponse> observer) {
        try {
            NamedModel model = managed(request.getModel());
            LoadCall.begin(
                    model,
                    (ServerCallStreamObserver<LoadModelResponse>) observer,
                    () -> LoadModelResponse.newBuilder().setModel(status(model)).build(),
                    streams);
        } catch (RuntimeException failure) {
            observer.onError(failures.exceptionOf(failure, request.getModel()));
        }
    }

    @Override
    public void unloadModel(UnloadModelRequest request, StreamObserver<UnloadModelResponse> observer) {
        try {
            NamedModel model = managed(request.getModel());
            Duration wait = RequestParser.unloadWait(request);
            Map<Device, Long> bytes = model.deviceBytes();
            // It goes on when the caller goes away: a caller that unloads models and leaves wants them unloaded.
            ((ServerCallStreamObserver<UnloadModelResponse>) observer).setOnCancelHandler(() -> {});
            CompletableFuture<Void> unload = model.unload();
            var patience = timer.schedule(() -> model.callOff(unload), wait.toNanos(), TimeUnit.NANOSECONDS);
            var unused = unload.whenComplete((nothing, failure) -> {
                patience.cancel(false);
                if (failure == null) {
                    observer.onNext(UnloadModelResponse.newBuilder()
                            .addAllFreed(ModelMessages.memory(bytes))
                            .build());
                    observer.onCompleted();
                } else {
                    observer.onError(failures.exceptionOf(failure, model.name()));
                }
            });
        } catch (RuntimeException failure) {
            observer.onError(failures.exceptionOf(failure, request.getModel()));
        }
    }

    private NamedModel managed(String name) {
        if (management == ModelManagement.REFUSED) {
            throw new ManagementDisabledException();
        }
        return found(name, Right.MANAGE);
    }

    private NamedModel found(String name, Right right) {
        NamedModel model = models().find(name, right);
        CurrentRequest.get().concerns(model.name());
        return model;
    }

    private CallerModels models() {
        return CallerModels.current(registry);
    }

    private <R extends MessageLite> void whenLoaded(
            StreamObserver<R> observer, String name, Function<LensEngine, Iterator<R>> responses) {
        try {
            NamedModel model = found(name, Right.SEE);
            texts.answer(model, (ServerCallStreamObserver<R>) observer, responses);
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

    private ModelStatus status(NamedModel model) {
        return ModelMessages.status(model, failure -> failures.statusOf(failure, model.name()));
    }

    private static RenderChatResponse rendered(RenderChatRequest request, LensEngine engine) {
        String text = ChatRenderer.render("chat", PromptParser.chat("chat", request.getChat()), engine.tokenizer());
        RenderChatResponse response =
                RenderChatResponse.newBuilder().setText(text).build();
        if (response.getSerializedSize() > MAX_RENDERED_BYTES) {
            throw InvalidFieldException.tooMany(
                    "chat",
                    response.getSerializedSize(),
                    MAX_RENDERED_BYTES,
                    "Bytes of the rendered text count; Analyze and Tokenize read longer ones.");
        }
        return response;
    }
}
