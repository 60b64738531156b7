package dev.stratalens.client;

import dev.stratalens.client.error.ErrorCode;
import dev.stratalens.client.error.LensException;
import dev.stratalens.client.internal.assembly.PromptAssembler;
import dev.stratalens.client.internal.call.FutureResult;
import dev.stratalens.client.internal.call.StatusReader;
import dev.stratalens.client.internal.message.ModelReader;
import dev.stratalens.client.internal.message.ProgressReader;
import dev.stratalens.client.internal.message.RequestWriter;
import dev.stratalens.client.internal.message.ServerReader;
import dev.stratalens.client.model.Progress;
import dev.stratalens.client.model.ServedModel;
import dev.stratalens.client.model.ServerInfo;
import dev.stratalens.client.request.ChatMessage;
import dev.stratalens.client.request.LensRequest;
import dev.stratalens.client.request.Prompt;
import dev.stratalens.client.request.TokenizeRequest;
import dev.stratalens.client.result.LensResult;
import dev.stratalens.client.result.Tokenization;
import dev.stratalens.v1.DeviceMemory;
import dev.stratalens.v1.GetServerInfoRequest;
import dev.stratalens.v1.ListModelsRequest;
import dev.stratalens.v1.ListModelsResponse;
import dev.stratalens.v1.LoadModelResponse;
import dev.stratalens.v1.ModelServiceGrpc;
import dev.stratalens.v1.ModelServiceGrpc.ModelServiceBlockingStub;
import dev.stratalens.v1.ServerServiceGrpc;
import dev.stratalens.v1.ServerServiceGrpc.ServerServiceBlockingStub;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.Context;
import io.grpc.Context.CancellableContext;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.stub.AbstractStub;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Asks a Stratalens server. Thread-safe; one client serves any number of calls at a time over one connection, which is made
 * by the first call or {@link #connect}.
 *
 * <pre>{@code
 * try (LensClient client = LensClient.builder("localhost:50061").usePlaintext().build()) {
 *     LensResult result = client.analyze(LensRequest.of("The capital of France is").build());
 *     int position = result.positions().get(result.positions().size() - 1);
 *     System.out.println(result.crystallizationLayer(position));
 * }
 * }</pre>
 *
 * <p>A call that the server refuses before it begins is made again, up to three times, after the pause that the server asks for;
 * batches and unloading are not. A connection that goes silent fails its calls within a minute.
 *
 * <p>Every call throws {@link LensException} if it fails, and {@link IllegalArgumentException} if it is given a text with an
 * unpaired surrogate, which no server could be sent. Blocking calls end when their thread is interrupted; the interrupt
 * is kept.
 */
public final class LensClient implements AutoCloseable {

    private static final long CLOSE_SECONDS = 5;
    private static final Duration DEFAULT_UNLOAD_WAIT = Duration.ofSeconds(30);
    /** A call that only asks, where neither it nor the client has a deadline. */
    private static final Duration ASKING = Duration.ofMinutes(1);

    private final Channel channel;
    private final @Nullable ManagedChannel owned;
    private final Optional<Duration> timeout;

    LensClient(Channel channel, @Nullable ManagedChannel owned, Optional<Duration> timeout) {
        this.channel = channel;
        this.owned = owned;
        this.timeout = timeout;
    }

    /**
     * Starts a client of a server.
     *
     * @param target {@code host:port}, or any name that gRPC resolves, such as {@code dns:///replicas.example:50061}, over
     *     whose addresses calls are spread
     * @throws IllegalArgumentException if it has no port
     */
    public static LensClientBuilder builder(String target) {
        return new LensClientBuilder(target);
    }

    /** A client over a channel that the caller keeps and closes. */
    public static LensClient forChannel(Channel channel) {
        return new LensClient(channel, null, Optional.empty());
    }

    /** A client of a server in the same process. */
    public static LensClient inProcess(String serverName) {
        ManagedChannel channel = InProcessChannelBuilder.forName(serverName)
                .userAgent(LensClientBuilder.userAgent())
                .build();
        return new LensClient(channel, channel, Optional.empty());
    }

    /**
     * Waits until the server answers, for example while it starts. Calls connect by themselves; this is for who wants to
     * know early.
     *
     * @throws LensException {@code UNAVAILABLE} if it does not within the time
     */
    public void connect(Duration atMost) {
        LensRequest.requirePositive(atMost);
        try {
            serverInfo(ServerServiceGrpc.newBlockingStub(channel)
                    .withWaitForReady()
                    .withDeadlineAfter(atMost.toNanos(), TimeUnit.NANOSECONDS));
        } catch (LensException e) {
            if (e.code() != ErrorCode.DEADLINE_EXCEEDED) {
                throw e;
            }
            throw new LensException(
                    ErrorCode.UNAVAILABLE,
                    "No server answered within " + atMost.toMillis()
                            + " ms; check that it runs, its host and port, and whether it speaks TLS or plain text. "
                            + e.getMessage(),
                    null,
                    e);
        }
    }

    /** Starts a run and gives its stream without waiting; whatever goes wrong comes from reading it. */
    public LensStream stream(LensRequest request) {
        return new LensStream(channel, options(request), request);
    }

    /** Makes a run and waits for its complete result. */
    public LensResult analyze(LensRequest request) {
        try (LensStream stream = stream(request)) {
            return stream.result();
        }
    }

    /**
     * Makes a run without waiting. Cancelling this future (not one derived from it), or completing it in any other way,
     * cancels the run. It completes on a thread of gRPC, with {@link LensException} on failure: give long work that follows
     * an executor of its own.
     */
    public CompletableFuture<LensResult> analyzeAsync(LensRequest request) {
        return FutureResult.start(channel, options(request), request, LensResult::new);
    }

    /**
     * Runs many requests at a time and gives their outcomes as they complete. Does not block and pulls nothing yet;
     * requests are pulled lazily by the thread that reads the outcomes.
     *
     * <pre>{@code
     * try (LensBatch batch = client.analyzeAll(prompts.stream().map(text -> LensRequest.of(text).build()))) {
     *     for (BatchOutcome outcome : batch) {
     *         if (outcome instanceof BatchOutcome.Completed done) { ... }
     *     }
     * }
     * }</pre>
     *
     * @param requests any number of them; closed with the batch
     */
    public LensBatch analyzeAll(Stream<LensRequest> requests) {
        return new LensBatch(channel, requests.iterator(), requests::close);
    }

    /** As {@link #analyzeAll(Stream)}, from a collection or anything else that can be iterated. */
    public LensBatch analyzeAll(Iterable<LensRequest> requests) {
        return new LensBatch(channel, requests.iterator(), () -> {});
    }

    /** What the server is, what it can do, and every limit that it has. */
    public ServerInfo serverInfo() {
        return serverInfo(asking(ServerServiceGrpc.newBlockingStub(channel)));
    }

    /** The served models, in order of name. */
    public List<ServedModel> models() {
        return call(modelService(), stub -> {
            List<ServedModel> models = new ArrayList<>();
            ListModelsRequest request = ListModelsRequest.getDefaultInstance();
            while (true) {
                ListModelsResponse page = stub.listModels(request);
                page.getModelsList().forEach(model -> models.add(ModelReader.served(model)));
                if (!page.hasNextPageToken()) {
                    return List.copyOf(models);
                }
                request = ListModelsRequest.newBuilder()
                        .setPageToken(page.getNextPageToken())
                        .build();
            }
        });
    }

    /**
     * One served model.
     *
     * @param name its name; empty = the only one served
     */
    public ServedModel model(String name) {
        return call(
                modelService(),
                stub -> ModelReader.served(
                        stub.getModel(RequestWriter.getModel(name)).getModel()));
    }

    /** As {@link #loadModel(String, Consumer)}, without a word meanwhile. */
    public ServedModel loadModel(String name) {
        return loadModel(name, progress -> {});
    }

    /**
     * Has the server load a model that it knows by name, and waits until that is done; at once if it is loaded. No request
     * needs this: each loads its model. If this call ends early, the server loads on.
     *
     * @param name of a served model; empty = the only one served
     * @param listener called on this thread; an exception ends the call and comes out of it
     * @return the model, ready
     * @throws LensException as an analysis would; with {@link ErrorCode#MODEL_MEMORY} if there is no room for the model, and
     *     {@link ErrorCode#NOT_ALLOWED} if the server lets nobody manage its models
     */
    public ServedModel loadModel(String name, Consumer<Progress> listener) {
        ModelServiceBlockingStub service = ModelServiceGrpc.newBlockingStub(channel);
        return streaming(timeout.map(limit -> within(limit, service)).orElse(service), stub -> {
            ProgressReader progress = new ProgressReader();
            Iterator<LoadModelResponse> events = stub.loadModel(RequestWriter.loadModel(name));
            while (events.hasNext()) {
                LoadModelResponse event = events.next();
                if (event.hasModel()) {
                    return ModelReader.served(event.getModel());
                }
                if (event.hasProgress()) {
                    progress.read(event.getProgress()).ifPresent(listener);
                }
            }
            throw new LensException(
                    ErrorCode.BROKEN_STREAM, "the server ended the call without saying what became of the model");
        });
    }

    /** As {@link #unloadModel(String, Duration)}, waiting for requests up to half a minute. */
    public long unloadModel(String name) {
        return unloadModel(name, DEFAULT_UNLOAD_WAIT);
    }

    /**
     * Has the server free the memory of a model, and waits until it is free. Requests that came before are answered first;
     * later ones load the model again.
     *
     * @param name of a served model; empty = the only one served
     * @param atMost how long requests may go on to hold the model, from zero to an hour
     * @return bytes of its weights that were freed; 0 if it was not loaded
     * @throws LensException with {@link ErrorCode#MODEL_IN_USE} if requests held it for longer, after which it stays loaded,
     *     and {@link ErrorCode#NOT_ALLOWED} if the server lets nobody manage its models
     */
    public long unloadModel(String name, Duration atMost) {
        ModelServiceBlockingStub service = ModelServiceGrpc.newBlockingStub(channel);
        return call(
                within(timeout.orElse(ASKING.plus(atMost)), service),
                stub -> stub.unloadModel(RequestWriter.unloadModel(name, atMost)).getFreedList().stream()
                        .mapToLong(DeviceMemory::getBytes)
                        .sum());
    }

    /** A prompt as a model reads it. A text of no tokens, or of more than the context, is answered too. */
    public Tokenization tokenize(TokenizeRequest request) {
        return streaming(
                modelService(), stub -> PromptAssembler.tokenization(stub.tokenize(RequestWriter.write(request))));
    }

    /**
     * A chat as the one text that the model was trained to read, up to where the model's own turn begins. An analysis takes
     * the chat itself: {@link LensRequest#ofChat}; this shows what it reads.
     *
     * @param model name of a served model; empty = the only one served
     * @throws LensException with {@link ErrorCode#INVALID_REQUEST} if the model has no chat template, or its template
     *     refuses the messages or cannot be rendered
     */
    public String renderChat(String model, List<ChatMessage> messages) {
        return renderChat(model, new Prompt.Chat(messages));
    }

    /** As {@link #renderChat(String, List)}, with arguments for the template, or without the opening of the model's turn. */
    public String renderChat(String model, Prompt.Chat chat) {
        return call(
                modelService(),
                stub -> stub.renderChat(RequestWriter.renderChat(model, chat)).getText());
    }

    /**
     * Ends what still runs, with {@code UNAVAILABLE}, and closes the connection, if this client made it. Waits at most a few
     * seconds. Harmless when repeated.
     */
    @Override
    public void close() {
        if (owned == null) {
            return;
        }
        owned.shutdownNow();
        try {
            owned.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private CallOptions options(LensRequest request) {
        return request.timeout()
                .or(() -> timeout)
                .map(limit -> CallOptions.DEFAULT.withDeadlineAfter(limit.toNanos(), TimeUnit.NANOSECONDS))
                .orElse(CallOptions.DEFAULT);
    }

    private ModelServiceBlockingStub modelService() {
        return asking(ModelServiceGrpc.newBlockingStub(channel));
    }

    private <S extends AbstractStub<S>> S asking(S stub) {
        return within(timeout.orElse(ASKING), stub);
    }

    private static <S extends AbstractStub<S>> S within(Duration limit, S stub) {
        return stub.withDeadlineAfter(limit.toNanos(), TimeUnit.NANOSECONDS);
    }

    private static ServerInfo serverInfo(ServerServiceBlockingStub service) {
        return call(service, stub -> ServerReader.read(stub.getServerInfo(GetServerInfoRequest.getDefaultInstance())));
    }

    /** A call that is cancelled if it is left before its end. */
    private static <S, T> T streaming(S service, Function<S, T> call) {
        CancellableContext context = Context.current().withCancellation();
        Context before = context.attach();
        try {
            return call(service, call);
        } finally {
            context.detach(before);
            context.cancel(null);
        }
    }

    private static <S, T> T call(S service, Function<S, T> call) {
        try {
            return call.apply(service);
        } catch (StatusRuntimeException e) {
            throw StatusReader.read(e.getStatus(), e.getTrailers());
        }
    }
}
