package dev.stratalens.client;

import dev.stratalens.client.error.LensException;
import dev.stratalens.client.internal.assembly.BrokenStream;
import dev.stratalens.client.internal.assembly.GenerationAssembler;
import dev.stratalens.client.internal.assembly.PromptAssembler;
import dev.stratalens.client.internal.assembly.ResultAssembler;
import dev.stratalens.client.internal.assembly.SweepAssembler;
import dev.stratalens.client.internal.call.FutureAnswer;
import dev.stratalens.client.internal.call.LoadPublisher;
import dev.stratalens.client.internal.call.ResponseQueue;
import dev.stratalens.client.internal.message.ModelReader;
import dev.stratalens.client.internal.message.ProgressReader;
import dev.stratalens.client.internal.message.RequestWriter;
import dev.stratalens.client.internal.message.ServerReader;
import dev.stratalens.client.model.Progress;
import dev.stratalens.client.model.ServedModel;
import dev.stratalens.client.model.ServerInfo;
import dev.stratalens.client.request.GenerateOptions;
import dev.stratalens.client.request.LensRequest;
import dev.stratalens.client.request.Prompt;
import dev.stratalens.client.request.SweepRequest;
import dev.stratalens.client.request.TokenizeRequest;
import dev.stratalens.client.result.GenerationResult;
import dev.stratalens.client.result.LensResult;
import dev.stratalens.client.result.SweepResult;
import dev.stratalens.client.result.Tokenization;
import dev.stratalens.v1.DeviceMemory;
import dev.stratalens.v1.GetModelResponse;
import dev.stratalens.v1.GetServerInfoRequest;
import dev.stratalens.v1.LensServiceGrpc;
import dev.stratalens.v1.ListModelsRequest;
import dev.stratalens.v1.ListModelsResponse;
import dev.stratalens.v1.LoadModelResponse;
import dev.stratalens.v1.ModelServiceGrpc;
import dev.stratalens.v1.RenderChatResponse;
import dev.stratalens.v1.ServerServiceGrpc;
import dev.stratalens.v1.TokenizeResponse;
import io.grpc.CallOptions;
import io.grpc.Channel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Asks a server without waiting: {@link LensClient} with the same calls, whose answers are futures and publishers. Thread-safe. It
 * belongs to the client that gave it, and ends with it.
 *
 * <p>A future completes on a thread of gRPC, with {@link LensException} on failure: give long work that follows an executor of its
 * own. Canceling it (not one derived from it), or completing it in any other way, cancels the call. A wrong argument is thrown at
 * once.
 */
public final class AsyncLensClient {

    /** A call that only asks, where neither it nor the client has a deadline. */
    private static final Duration ASKING = Duration.ofMinutes(1);

    private final Channel channel;
    private final Optional<Duration> timeout;

    AsyncLensClient(Channel channel, Optional<Duration> timeout) {
        this.channel = channel;
        this.timeout = timeout;
    }

    /** As {@link LensClient#stream}, which does not wait either: subscribe to the stream. */
    public LensStream stream(LensRequest request) {
        return new LensStream(channel, working(request.timeout().or(() -> timeout)), request);
    }

    /** As {@link LensClient#analyze}. */
    public CompletableFuture<LensResult> analyze(LensRequest request) {
        ResultAssembler assembler = new ResultAssembler(request);
        return FutureAnswer.start(
                channel,
                LensServiceGrpc.getAnalyzeMethod(),
                working(request.timeout().or(() -> timeout)),
                RequestWriter.write(request),
                response -> response.getEventsList().forEach(assembler::add),
                assembler::finish);
    }

    /** As {@link LensClient#streamGeneration}. */
    GenerationStream streamGeneration(LensRequest request, GenerateOptions options) {
        return new GenerationStream(channel, working(request.timeout().or(() -> timeout)), request, options);
    }

    /** As {@link LensClient#generate}. */
    public CompletableFuture<GenerationResult> generate(LensRequest request, GenerateOptions options) {
        GenerationAssembler assembler = new GenerationAssembler(request, options);
        return FutureAnswer.start(
                channel,
                LensServiceGrpc.getGenerateMethod(),
                working(request.timeout().or(() -> timeout)),
                RequestWriter.write(request, options),
                response -> response.getEventsList().forEach(assembler::add),
                assembler::finish);
    }

    /** As {@link LensClient#sweep}. */
    public CompletableFuture<SweepResult> sweep(SweepRequest request) {
        SweepAssembler assembler = new SweepAssembler();
        return FutureAnswer.start(
                channel,
                LensServiceGrpc.getSweepMethod(),
                working(request.timeout().or(() -> timeout)),
                RequestWriter.write(request),
                response -> response.getEventsList().forEach(assembler::add),
                assembler::finish);
    }

    SweepStream sweepStream(SweepRequest request) {
        return new SweepStream(channel, working(request.timeout().or(() -> timeout)), request);
    }

    /** As {@link LensClient#analyzeAll(Stream)}, which does not wait either: subscribe to the batch. */
    public LensBatch analyzeAll(Stream<LensRequest> requests) {
        return new LensBatch(channel, requests.iterator(), requests::close);
    }

    /** As {@link #analyzeAll(Stream)}, from a collection or anything else that can be iterated. */
    public LensBatch analyzeAll(Iterable<LensRequest> requests) {
        return new LensBatch(channel, requests.iterator(), () -> {});
    }

    /** As {@link LensClient#serverInfo}. */
    public CompletableFuture<ServerInfo> serverInfo() {
        return serverInfo(asking());
    }

    CompletableFuture<ServerInfo> serverInfo(CallOptions options) {
        return FutureAnswer.ofOne(
                channel,
                ServerServiceGrpc.getGetServerInfoMethod(),
                options,
                GetServerInfoRequest.getDefaultInstance(),
                ServerReader::read);
    }

    /** As {@link LensClient#models}. */
    public CompletableFuture<List<ServedModel>> models() {
        CompletableFuture<List<ServedModel>> all = new CompletableFuture<>();
        models(ListModelsRequest.getDefaultInstance(), asking(), new ArrayList<>(), all);
        return all;
    }

    /** As {@link LensClient#model}. */
    public CompletableFuture<ServedModel> model(String name) {
        return FutureAnswer.ofOne(
                channel,
                ModelServiceGrpc.getGetModelMethod(),
                asking(),
                RequestWriter.getModel(name),
                (GetModelResponse response) -> ModelReader.served(response.getModel()));
    }

    /** As {@link #loadModel(String, Consumer)}, without a word meanwhile. */
    public CompletableFuture<ServedModel> loadModel(String name) {
        return loadModel(name, progress -> {});
    }

    /** As {@link LensClient#loadModel(String, Consumer)}; the listener is called on threads of gRPC. */
    public CompletableFuture<ServedModel> loadModel(String name, Consumer<Progress> listener) {
        Loading loading = new Loading(listener);
        return FutureAnswer.start(
                channel,
                ModelServiceGrpc.getLoadModelMethod(),
                working(timeout),
                RequestWriter.loadModel(name),
                loading::take,
                loading::model);
    }

    /** Waits for a model, with the listener called on this thread. */
    ServedModel awaitModel(String name, Consumer<Progress> listener) {
        Loading loading = new Loading(listener);
        ResponseQueue<LoadModelResponse> responses = ResponseQueue.start(
                channel, ModelServiceGrpc.getLoadModelMethod(), working(timeout), RequestWriter.loadModel(name));
        try {
            for (LoadModelResponse each = responses.next(); each != null; each = responses.next()) {
                loading.take(each);
            }
            return loading.model();
        } finally {
            responses.cancel("the call was left");
        }
    }

    /**
     * Has the server load a model and publishes how far that is, until it is loaded. Each subscriber starts a call of its own, which
     * finds the same loading; canceling ends the call alone, and the server loads on.
     *
     * @param name of a served model; empty = the only one served
     */
    public Flow.Publisher<Progress> loadProgress(String name) {
        return new LoadPublisher(channel, () -> working(timeout), RequestWriter.loadModel(name));
    }

    /** As {@link #unloadModel(String, Duration)}, waiting for requests up to half a minute. */
    public CompletableFuture<Long> unloadModel(String name) {
        return unloadModel(name, LensClient.DEFAULT_UNLOAD_WAIT);
    }

    /** As {@link LensClient#unloadModel(String, Duration)}. */
    public CompletableFuture<Long> unloadModel(String name, Duration atMost) {
        return FutureAnswer.ofOne(
                channel,
                ModelServiceGrpc.getUnloadModelMethod(),
                working(Optional.of(timeout.orElse(ASKING.plus(atMost)))),
                RequestWriter.unloadModel(name, atMost),
                response -> response.getFreedList().stream()
                        .mapToLong(DeviceMemory::getBytes)
                        .sum());
    }

    /** As {@link LensClient#tokenize}. */
    public CompletableFuture<Tokenization> tokenize(TokenizeRequest request) {
        List<TokenizeResponse> responses = new ArrayList<>();
        return FutureAnswer.start(
                channel,
                ModelServiceGrpc.getTokenizeMethod(),
                asking(),
                RequestWriter.write(request),
                responses::add,
                () -> PromptAssembler.tokenization(responses.iterator()));
    }

    /** As {@link LensClient#renderChat}. */
    public CompletableFuture<String> renderChat(String model, Prompt.Chat chat) {
        return FutureAnswer.ofOne(
                channel,
                ModelServiceGrpc.getRenderChatMethod(),
                asking(),
                RequestWriter.renderChat(model, chat),
                RenderChatResponse::getText);
    }

    /** Asks for a page, and for the next when it is there. */
    private void models(
            ListModelsRequest request,
            CallOptions options,
            List<ServedModel> soFar,
            CompletableFuture<List<ServedModel>> all) {
        CompletableFuture<ListModelsResponse> page =
                FutureAnswer.ofOne(channel, ModelServiceGrpc.getListModelsMethod(), options, request, response -> {
                    response.getModelsList().forEach(model -> soFar.add(ModelReader.served(model)));
                    return response;
                });
        var unused = all.whenComplete((models, failure) -> page.cancel(false));
        var unusedEither = page.whenComplete((response, failure) -> {
            if (failure != null) {
                all.completeExceptionally(failure);
            } else if (response.hasNextPageToken()) {
                models(
                        ListModelsRequest.newBuilder()
                                .setPageToken(response.getNextPageToken())
                                .build(),
                        options,
                        soFar,
                        all);
            } else {
                all.complete(List.copyOf(soFar));
            }
        });
    }

    private CallOptions asking() {
        return working(Optional.of(timeout.orElse(ASKING)));
    }

    private static CallOptions working(Optional<Duration> limit) {
        return limit.map(time -> CallOptions.DEFAULT.withDeadlineAfter(time.toNanos(), TimeUnit.NANOSECONDS))
                .orElse(CallOptions.DEFAULT);
    }

    /** What a loading model's call says. */
    private static final class Loading {
        private final Consumer<Progress> listener;
        private final ProgressReader progress = new ProgressReader();
        private @Nullable ServedModel model;

        Loading(Consumer<Progress> listener) {
            this.listener = listener;
        }

        void take(LoadModelResponse response) {
            if (response.hasProgress()) {
                listener.accept(progress.read(response.getProgress()));
            } else if (response.hasModel()) {
                model = ModelReader.served(response.getModel());
            }
        }

        ServedModel model() {
            if (model == null) {
                throw BrokenStream.error("the call ended without saying whether the model is loaded");
            }
            return model;
        }
    }
}
