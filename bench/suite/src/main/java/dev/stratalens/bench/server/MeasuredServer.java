package dev.stratalens.bench.server;

import dev.stratalens.cli.connect.Connection;
import dev.stratalens.cli.terminal.ProgressLine;
import dev.stratalens.client.LensClient;
import dev.stratalens.client.LensStream;
import dev.stratalens.client.model.ModelFacts;
import dev.stratalens.client.request.LensRequest;
import dev.stratalens.client.request.LensTarget;
import dev.stratalens.client.request.Statistic;
import dev.stratalens.client.result.LensResult;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;

/** The server as its callers see it: through the client, over loopback. */
public final class MeasuredServer implements AutoCloseable {

    private final ServerProcess process;
    private final StreamBytes bytes = new StreamBytes();
    private final LensClient client;
    private final ModelFacts facts;

    /**
     * One complete answer.
     *
     * @param seconds from the request to the complete result
     * @param firstCellSeconds from the request to the first layer
     * @param bytes of all messages, serialized
     */
    public record Answer(LensResult result, double seconds, double firstCellSeconds, long bytes) {

        /** What the server says of its own computing. */
        public double lensSeconds() {
            return result.timings()
                    .map(timings -> timings.forward().plus(timings.lens()).toNanos() / 1e9)
                    .orElse(0.0);
        }
    }

    private MeasuredServer(ServerProcess process, ProgressLine progress) {
        this.process = process;
        this.client = LensClient.builder(process.address())
                .usePlaintext()
                .intercept(bytes)
                .build();
        this.facts = new Connection(client, "", () -> {}).awaitModel(progress);
    }

    /** Starts a server and waits until its model is loaded. */
    public static MeasuredServer start(Program program, Path model, String computeType, ProgressLine progress)
            throws IOException {
        return start(program, model, computeType, List.of(), progress);
    }

    /** As the other {@code start}, with further options of the server. */
    public static MeasuredServer start(
            Program program, Path model, String computeType, List<String> more, ProgressLine progress)
            throws IOException {
        ServerProcess process = ServerProcess.start(program, model, computeType, more);
        try {
            return new MeasuredServer(process, progress);
        } catch (RuntimeException e) {
            process.close();
            throw e;
        }
    }

    /** Waits until it has warmed itself, as it does while it has nothing to do. */
    public void awaitWarm() throws IOException {
        process.awaitWarm();
    }

    /** Every layer and position, k = 5, every statistic that the other tools' users compute by hand, all trajectories. */
    public static LensRequest request(BenchPrompt prompt) {
        return LensRequest.of(prompt.text())
                .topK(5)
                .statistics(Statistic.ENTROPY, Statistic.KL_FROM_FINAL)
                .target(LensTarget.nextToken())
                .build();
    }

    /** Asks alone: no other call may run meanwhile. */
    public Answer ask(BenchPrompt prompt) {
        bytes.take();
        LensRequest request = request(prompt);
        long start = System.nanoTime();
        try (LensStream stream = client.stream(request)) {
            stream.iterator().next();
            long first = System.nanoTime();
            LensResult result = stream.result();
            long end = System.nanoTime();
            return new Answer(result, (end - start) / 1e9, (first - start) / 1e9, bytes.take());
        }
    }

    /** What asks for a prompt beside other callers. */
    public Supplier<LensResult> caller(BenchPrompt prompt) {
        return () -> client.analyze(request(prompt));
    }

    /** {@code HOST:PORT}. */
    public String address() {
        return process.address();
    }

    /** Of a server that was started with one. */
    public AdminPort adminPort() throws IOException {
        return process.adminPort();
    }

    public LensClient client() {
        return client;
    }

    public ModelFacts facts() {
        return facts;
    }

    public long pid() {
        return process.pid();
    }

    @Override
    public void close() {
        client.close();
        process.close();
    }
}
