package dev.stratalens.cli.connect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stratalens.cli.failure.CliException;
import dev.stratalens.cli.failure.ExitCode;
import dev.stratalens.cli.terminal.ProgressLine;
import dev.stratalens.client.LensClient;
import dev.stratalens.client.error.LensException;
import dev.stratalens.client.model.ModelState;
import dev.stratalens.engine.error.LensCanceledException;
import dev.stratalens.engine.model.Precision;
import dev.stratalens.server.LensServer;
import dev.stratalens.server.error.ModelSourceException;
import dev.stratalens.server.models.CheckpointLoader;
import dev.stratalens.server.models.EngineLoader;
import dev.stratalens.server.models.LoadPolicy;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ConnectionTest {

    private static final Path TINY = Path.of("../server/engine/src/test/resources/parity/gpt2-fp16");

    private final EngineLoader real =
            new CheckpointLoader(Map.of("tiny", TINY), new CheckpointLoader.Options(Precision.FLOAT32, 1 << 20, 1));
    private final ByteArrayOutputStream shown = new ByteArrayOutputStream();
    private final ProgressLine line = new ProgressLine(new PrintStream(shown, true, StandardCharsets.UTF_8), true, 80);

    @Test
    void waitsForAModelThatIsBeingLoaded() {
        CountDownLatch mayLoad = new CountDownLatch(1);
        try (Connection connection = connect(LoadPolicy.START, (name, listener) -> {
            await(mayLoad);
            return real.load(name, listener);
        })) {
            assertEquals(ModelState.LOADING, connection.client().model("tiny").state());
            Thread later = new Thread(mayLoad::countDown);
            later.start();

            assertEquals("gpt2", connection.awaitModel(line).info().architecture());

            assertTrue(shown.toString(StandardCharsets.UTF_8).contains("loading tiny"));
        }
    }

    @Test
    void hasAModelLoadedThatNobodyAskedForYet() {
        try (Connection connection = connect(LoadPolicy.ON_DEMAND, real)) {
            assertEquals("gpt2", connection.awaitModel(line).info().architecture());
        }
    }

    @Test
    void saysWhyAModelCannotBeLoaded() {
        for (LoadPolicy policy : LoadPolicy.values()) {
            try (Connection connection = connect(policy, (name, listener) -> {
                throw new ModelSourceException(ModelSourceException.Problem.UNREACHABLE, "The hub does not answer.");
            })) {
                RuntimeException failure = assertThrows(RuntimeException.class, () -> connection.awaitModel(line));

                assertTrue(
                        String.valueOf(failure.getMessage()).contains("The hub does not answer."), failure.toString());
            }
        }
    }

    @Test
    void endsWhenItsThreadIsInterrupted() {
        CountDownLatch never = new CountDownLatch(1);
        try (Connection connection = connect(LoadPolicy.START, (name, listener) -> {
            await(never);
            throw new LensCanceledException();
        })) {
            assertFalse(connection.client().models().isEmpty());
            Thread waiting = Thread.currentThread();
            new Thread(() -> {
                        while (waiting.getState() != Thread.State.WAITING
                                && waiting.getState() != Thread.State.TIMED_WAITING) {
                            Thread.onSpinWait();
                        }
                        waiting.interrupt();
                    })
                    .start();

            RuntimeException failure = assertThrows(RuntimeException.class, () -> connection.awaitModel(line));

            assertTrue(Thread.interrupted());
            // It may be caught between two questions, or while it asks one.
            assertEquals(
                    ExitCode.INTERRUPTED,
                    failure instanceof LensException call
                            ? ExitCode.of(call.code())
                            : ((CliException) failure).exitCode());
        }
    }

    private static Connection connect(LoadPolicy policy, EngineLoader loader) {
        String name = UUID.randomUUID().toString();
        LensServer server = LensServer.builder(List.of("tiny"), loader)
                .load(policy)
                .inProcess(name)
                .build();
        try {
            server.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Connection(LensClient.inProcess(name), "tiny", server::stop);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LensCanceledException();
        }
    }
}
