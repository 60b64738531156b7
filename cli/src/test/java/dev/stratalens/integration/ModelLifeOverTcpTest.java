package dev.stratalens.integration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stratalens.client.LensClient;
import dev.stratalens.client.error.ErrorCode;
import dev.stratalens.client.error.ErrorDetail;
import dev.stratalens.client.error.LensException;
import dev.stratalens.client.model.ModelState;
import dev.stratalens.client.model.Progress;
import dev.stratalens.client.model.Progress.Phase;
import dev.stratalens.client.model.ServedModel;
import dev.stratalens.client.request.LensRequest;
import dev.stratalens.client.result.LensResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** A real model, loaded and unloaded over a real connection. */
@Timeout(120)
class ModelLifeOverTcpTest {

    private static final LensRequest REQUEST =
            LensRequest.of("The capital of France is").build();
    private static final Path MAPPINGS = Path.of("/proc/self/maps");

    private static final DemoServer SERVER = DemoServer.plaintext();
    private static final LensClient CLIENT = SERVER.client();

    @AfterAll
    static void stop() {
        CLIENT.close();
        SERVER.close();
    }

    @Test
    void aModelGoesAndComesBackWithTheSameNumbers() {
        LensResult before = CLIENT.analyze(REQUEST);
        long bytes = CLIENT.model("demo").memoryBytes();

        assertEquals(bytes, CLIENT.unloadModel("demo"));

        ServedModel unloaded = CLIENT.model("demo");
        assertEquals(ModelState.NOT_LOADED, unloaded.state());
        assertEquals(0, unloaded.memoryBytes());
        assertTrue(unloaded.facts().isEmpty() && unloaded.unusedFor().isEmpty());

        List<Progress> heard = new ArrayList<>();
        ServedModel loaded = CLIENT.loadModel("demo", heard::add);
        assertEquals(ModelState.READY, loaded.state());
        assertEquals(bytes, loaded.memoryBytes());
        assertTrue(loaded.facts().isPresent() && loaded.unusedFor().isPresent());
        Progress last = heard.get(heard.size() - 1);
        assertEquals(Phase.LOADING, last.phase(), heard.toString());
        assertEquals(last.total(), OptionalLong.of(last.done()), heard.toString());
        LensResult after = CLIENT.analyze(REQUEST);
        assertEquals(before.finalTop(5), after.finalTop(5));
        assertEquals(before.topK(4, 5), after.topK(4, 5));
    }

    @Test
    void nothingOfAnUnloadedModelStays() {
        CLIENT.loadModel("demo");
        CLIENT.analyze(REQUEST);
        CLIENT.unloadModel("demo");
        int without = SERVER.openTensors();

        for (int i = 0; i < 3; i++) {
            CLIENT.analyze(REQUEST);
            assertTrue(SERVER.openTensors() > without + 50, "loaded: " + SERVER.openTensors());
            CLIENT.unloadModel("demo");
            assertEquals(without, SERVER.openTensors(), "after unloading");
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void theFilesOfAnUnloadedModelAreNotMappedAnyMore() throws IOException {
        CLIENT.loadModel("demo");
        assertTrue(mappedWeights() > 0);

        CLIENT.unloadModel("demo");

        assertEquals(0, mappedWeights());
    }

    @Test
    void aModelThatIsAnsweringIsNotUnloaded() {
        LensRequest busy = LensRequest.of("word ".repeat(100)).topK(50).build();
        List<CompletableFuture<LensResult>> running = IntStream.range(0, 20)
                .mapToObj(i -> CLIENT.async().analyze(busy))
                .toList();
        while (CLIENT.model("demo").requests() < 10) {
            Thread.onSpinWait();
        }

        LensException refusal = assertThrows(LensException.class, () -> CLIENT.unloadModel("demo", Duration.ZERO));

        assertEquals(ErrorCode.MODEL_IN_USE, refusal.code());
        assertTrue(refusal.isRetryable());
        ErrorDetail.ModelInUse detail =
                assertInstanceOf(ErrorDetail.ModelInUse.class, refusal.detail().orElseThrow());
        assertTrue(detail.requests().orElseThrow() > 0, detail.toString());
        running.forEach(result -> assertEquals(10, result.join().layers().size()));
    }

    @Test
    void anotherModelIsNotLoaded() {
        LensException refusal = assertThrows(LensException.class, () -> CLIENT.loadModel("other"));

        assertEquals(ErrorCode.UNKNOWN_MODEL, refusal.code());
        assertEquals(
                ErrorDetail.UnknownModel.of("other", List.of("demo")),
                refusal.detail().orElseThrow());
    }

    private static long mappedWeights() throws IOException {
        String file = DemoServer.MODEL.resolve("model.safetensors").toRealPath().toString();
        try (Stream<String> mappings = Files.lines(MAPPINGS)) {
            return mappings.filter(line -> line.endsWith(file)).count();
        }
    }
}
