package dev.stratalens.bench.soak;

import dev.stratalens.bench.server.BenchPrompt;
import dev.stratalens.bench.server.MeasuredServer;
import dev.stratalens.bench.server.ServerProcess;
import dev.stratalens.client.BatchOutcome;
import dev.stratalens.client.LensBatch;
import dev.stratalens.client.LensClient;
import dev.stratalens.client.LensStream;
import dev.stratalens.client.error.ErrorCode;
import dev.stratalens.client.error.LensException;
import dev.stratalens.client.request.IndexRange;
import dev.stratalens.client.request.LensRequest;
import dev.stratalens.client.result.LensResult;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.List;

/** Makes the calls of a mixed load, and checks that each ends as it should. Thread-safe. */
public final class SoakCalls implements AutoCloseable {

    /** The name of the model that comes and goes. */
    public static final String OTHER = "other";

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int BATCH = 8;
    private static final String NO_LAYER = "an answer has no layer";
    private static final byte[] HALF_A_GREETING = "PRI * HTTP/2.0\r\n".getBytes(StandardCharsets.US_ASCII);

    private final String address;
    private final List<BenchPrompt> prompts;
    private final LensClient client;
    private final int layers;

    /**
     * Calls to a server.
     *
     * @param address {@code HOST:PORT} of loopback, without TLS
     * @param prompts shortest first
     */
    public SoakCalls(String address, List<BenchPrompt> prompts) {
        this.address = address;
        this.prompts = List.copyOf(prompts);
        client = newClient();
        layers = client.analyze(request(0)).layers().size();
        analyzeWithOther();
    }

    private LensClient newClient() {
        return LensClient.builder(address).usePlaintext().timeout(PATIENCE).build();
    }

    /**
     * Makes one.
     *
     * @throws RuntimeException if it does not end as it should
     */
    void make(CallKind kind, long number) throws IOException {
        switch (kind) {
            case ANALYSIS -> check(client.analyze(request(number)));
            case BATCH -> batch(number);
            case CANCEL -> begin(number);
            case RELOAD -> {
                client.unloadModel(OTHER, PATIENCE);
                analyzeWithOther();
            }
            case BAD_REQUEST -> beRefused(number);
            case DROP -> drop(number);
        }
    }

    private LensRequest request(long number) {
        BenchPrompt prompt = prompts.get((int) (number % prompts.size()));
        return MeasuredServer.request(prompt).toBuilder()
                .model(ServerProcess.MODEL)
                .build();
    }

    private void analyzeWithOther() {
        client.analyze(LensRequest.of(prompts.get(0).text()).model(OTHER).build());
    }

    private void check(LensResult result) {
        if (result.layers().size() != layers) {
            throw new IllegalStateException("an answer has %d layers and not %d"
                    .formatted(result.layers().size(), layers));
        }
    }

    private void batch(long number) {
        int outcomes = 0;
        try (LensBatch batch = client.analyzeAll(Collections.nCopies(BATCH, request(number)))) {
            for (BatchOutcome outcome : batch) {
                check(outcome.result());
                outcomes++;
            }
        }
        if (outcomes != BATCH) {
            throw new IllegalStateException("a batch has %d outcomes and not %d".formatted(outcomes, BATCH));
        }
    }

    /** Gives the answer up at its first layer. */
    private void begin(long number) {
        try (LensStream stream = client.stream(request(number))) {
            if (!stream.iterator().hasNext()) {
                throw new IllegalStateException(NO_LAYER);
            }
        }
    }

    private void beRefused(long number) {
        LensRequest good = request(number);
        LensRequest bad;
        ErrorCode expected;
        if (number % 2 == 0) {
            bad = good.toBuilder().model("none").build();
            expected = ErrorCode.UNKNOWN_MODEL;
        } else {
            bad = good.toBuilder().layers(IndexRange.of(100_000)).build();
            expected = ErrorCode.INVALID_REQUEST;
        }
        try {
            client.analyze(bad);
        } catch (LensException refusal) {
            if (refusal.code() == expected) {
                return;
            }
            throw refusal;
        }
        throw new IllegalStateException("a request that should be refused was answered");
    }

    /** A connection that ends with calls on it, and one that is reset before it is any. */
    private void drop(long number) throws IOException {
        LensClient other = newClient();
        LensStream stream = other.stream(request(number));
        try (stream;
                other) { // closed before the stream is
            if (!stream.iterator().hasNext()) {
                throw new IllegalStateException(NO_LAYER);
            }
        }
        int colon = address.lastIndexOf(':');
        try (Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), Integer.parseInt(address.substring(colon + 1)))) {
            socket.getOutputStream().write(HALF_A_GREETING);
            socket.setSoLinger(true, 0);
        }
    }

    @Override
    public void close() {
        client.close();
    }
}
