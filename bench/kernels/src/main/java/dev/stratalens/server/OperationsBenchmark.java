package dev.stratalens.server;

import dev.stratalens.server.config.LogFormat;
import dev.stratalens.server.config.OperatorConfig;
import dev.stratalens.server.models.LoadPolicy;
import dev.stratalens.v1.ListModelsRequest;
import dev.stratalens.v1.ListModelsResponse;
import dev.stratalens.v1.ModelServiceGrpc;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.StreamHandler;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What a call costs that computes nothing, over TCP: with neither log nor exporter, and with all of them. Run with
 * {@code -prof gc} for allocations.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 3)
@Measurement(iterations = 5, time = 3)
@Fork(1)
@SuppressWarnings("NullAway.Init") // JMH calls the set-up
public class OperationsBenchmark {

    private static final Logger LOG = Logger.getLogger("dev.stratalens.server");

    /** Whether everything that an operator can have is on. */
    @Param({"false", "true"})
    public boolean watched;

    private Collector collector;
    private LensServer server;
    private ManagedChannel channel;
    private ModelServiceGrpc.ModelServiceBlockingStub stub;

    @Setup
    public void start() throws IOException {
        collector = new Collector();
        LOG.setUseParentHandlers(false);
        LOG.setLevel(watched ? Level.INFO : Level.SEVERE);
        Handler handler = new StreamHandler(OutputStream.nullOutputStream(), new Formatter() {
            @Override
            public String format(LogRecord record) {
                return record.getMessage();
            }
        });
        LOG.addHandler(handler);
        server = LensServer.builder(List.of("none"), (model, listener) -> {
                    throw new IllegalStateException("not asked for");
                })
                .load(LoadPolicy.ON_DEMAND)
                .operator(watched ? everything() : OperatorConfig.NONE)
                .listen(0)
                .build();
        server.start();
        channel = NettyChannelBuilder.forAddress("localhost", server.port().orElseThrow())
                .usePlaintext()
                .directExecutor()
                .build();
        stub = ModelServiceGrpc.newBlockingStub(channel);
    }

    private OperatorConfig everything() throws IOException {
        Path audit = Files.createTempDirectory("audit").resolve("audit.jsonl");
        return new OperatorConfig(
                LogFormat.TEXT,
                Optional.of(new OperatorConfig.Admin("127.0.0.1", 0)),
                Optional.of(collector.address()),
                Duration.ZERO,
                Optional.of(new OperatorConfig.Audit(audit, true, 64 << 20, 2)));
    }

    @TearDown
    public void stop() {
        channel.shutdownNow();
        server.stop();
        collector.close();
    }

    @Benchmark
    public ListModelsResponse call() {
        return stub.listModels(ListModelsRequest.getDefaultInstance());
    }
}
