package dev.stratalens.client;

import static dev.stratalens.client.internal.call.FutureAnswer.await;

import dev.stratalens.client.error.ErrorCode;
import dev.stratalens.client.error.LensException;
import dev.stratalens.client.internal.argument.PositiveTime;
import dev.stratalens.client.model.Progress;
import dev.stratalens.client.model.ServedModel;
import dev.stratalens.client.model.ServerInfo;
import dev.stratalens.client.request.LensRequest;
import dev.stratalens.client.request.Prompt;
import dev.stratalens.client.request.SweepRequest;
import dev.stratalens.client.request.TokenizeRequest;
import dev.stratalens.client.result.LensResult;
import dev.stratalens.client.result.SweepResult;
import dev.stratalens.client.result.Tokenization;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ManagedChannel;
import io.grpc.inprocess.InProcessChannelBuilder;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Asks a Stratalens server. Thread-safe; one client serves any number of calls at a time over one connection to each
 * address, which is made by the first call or {@link #connect}.
 *
 * <pre>{@code
 * try (LensClient client = LensClient.builder("localhost:50061").usePlaintext().build()) {
 *     LensResult result = client.analyze(LensRequest.of("The capital of France is").build());
 *     System.out.println(result.crystallizationLayer(result.lastPosition()));
 * }
 * }</pre>
 *
 * <p>A call that the server refuses before it begins, or whose connection breaks before anything of its answer came, is made again,
 * up to three times, after the pause that the server asks for, on the next of several servers; batches and unloading are not. A connection that goes silent fails its calls within a minute.
 *
 * <p>Every call throws {@link LensException} if it fails, and {@link IllegalArgumentException} if it is given a text with an
 * unpaired surrogate, which cannot be sent. Blocking calls end when their thread is interrupted; the interrupt
 * is kept.
 */
public final class LensClient implements AutoCloseable {

    private static final long CLOSE_SECONDS = 5;
    static final Duration DEFAULT_UNLOAD_WAIT = Duration.ofSeconds(30);
    private final AsyncLensClient async;
    private final @Nullable ManagedChannel owned;

    LensClient(Channel channel, @Nullable ManagedChannel owned, Optional<Duration> timeout) {
        this.async = new AsyncLensClient(channel, timeout);
        this.owned = owned;
    }

    /**
     * Starts a client of a server.
     *
     * @param target {@code host:port}, several of them with commas between, or any name that gRPC resolves, such as
     *     {@code dns:///replicas.example:50061}; calls are spread over all addresses
     * @throws IllegalArgumentException if an address has no port
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
     * Waits until the server answers, for example while it starts. Calls connect by themselves; this tells early
     * whether they can.
     *
     * @throws LensException {@code UNAVAILABLE} if it does not within the time
     */
    public void connect(Duration atMost) {
        PositiveTime.require(atMost);
        try {
            await(async.serverInfo(
                    CallOptions.DEFAULT.withWaitForReady().withDeadlineAfter(atMost.toNanos(), TimeUnit.NANOSECONDS)));
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

    /** The same calls without waiting, with futures and publishers. */
    public AsyncLensClient async() {
        return async;
    }

    /** Sends a request and gives the stream of its layers without waiting; whatever goes wrong comes from reading it. */
    public LensStream stream(LensRequest request) {
        return async.stream(request);
    }

    /** Sends a request and waits for its complete result. */
    public LensResult analyze(LensRequest request) {
        try (LensStream stream = stream(request)) {
            return stream.result();
        }
    }

    /** Starts a sweep and gives its cells as they come; whatever goes wrong comes from reading them. */
    public SweepStream sweepStream(SweepRequest request) {
        return async.sweepStream(request);
    }

    /** Sends a sweep and waits for all of its cells. */
    public SweepResult sweep(SweepRequest request) {
        try (SweepStream stream = sweepStream(request)) {
            return stream.result();
        }
    }

    /**
     * Sends many requests at a time and gives their outcomes as they complete. Does not block and pulls nothing yet;
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
        return async.analyzeAll(requests);
    }

    /** As {@link #analyzeAll(Stream)}, from a collection or anything else that can be iterated. */
    public LensBatch analyzeAll(Iterable<LensRequest> requests) {
        return async.analyzeAll(requests);
    }

    /** What the server is, what it can do, and every limit that it has. */
    public ServerInfo serverInfo() {
        return await(async.serverInfo());
    }

    /** The served models, in order of name. */
    public List<ServedModel> models() {
        return await(async.models());
    }

    /**
     * One served model.
     *
     * @param name its name; empty = the only one served
     */
    public ServedModel model(String name) {
        return await(async.model(name));
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
     *     {@link ErrorCode#NOT_ALLOWED} if the server does not let its callers manage its models
     */
    public ServedModel loadModel(String name, Consumer<Progress> listener) {
        return async.awaitModel(name, listener);
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
     *     and {@link ErrorCode#NOT_ALLOWED} if the server does not let its callers manage its models
     */
    public long unloadModel(String name, Duration atMost) {
        return await(async.unloadModel(name, atMost));
    }

    /** A prompt as a model reads it. A text of no tokens, or of more than the context, is answered too. */
    public Tokenization tokenize(TokenizeRequest request) {
        return await(async.tokenize(request));
    }

    /**
     * A chat as the one text that the model was trained to read, up to where the model's own turn begins. An analysis takes
     * the chat itself: {@link LensRequest#ofChat}; this shows what it reads.
     *
     * @param model name of a served model; empty = the only one served
     * @throws LensException with {@link ErrorCode#INVALID_REQUEST} if the model has no chat template, or its template
     *     refuses the messages or cannot be rendered
     */
    public String renderChat(String model, Prompt.Chat chat) {
        return await(async.renderChat(model, chat));
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
}
