package dev.stratalens.engine.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.pytorch.jni.JniUtils;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.Test;

/** The number of threads of a product belongs to the thread that computes it. */
class ThreadCountTest {

    private static final Executor NEW_THREAD = task -> new Thread(task).start();

    @Test
    void aThreadThatComputesAloneLeavesTheOthersTheirThreads() {
        TorchRuntime.useThreads(2);

        CompletableFuture<Integer> alone = CompletableFuture.supplyAsync(
                () -> {
                    var threads = new int[1];
                    TorchRuntime.runAlone(() -> {
                        useLibrary();
                        threads[0] = JniUtils.getNumThreads();
                    });
                    return threads[0];
                },
                NEW_THREAD);

        assertEquals(1, alone.join());
        assertEquals(2, JniUtils.getNumThreads());
        assertEquals(
                2,
                CompletableFuture.supplyAsync(JniUtils::getNumThreads, NEW_THREAD)
                        .join());
    }

    /** Copies more numbers than one thread would, which has the library look for its number of threads. */
    private static void useLibrary() {
        try (TorchProgram program = TorchProgram.compile(Device.CPU, "weights", Map.of(), new TensorCount());
                TorchScope scope = program.scope()) {
            TorchTensor zeros = scope.floats(new float[1 << 18], 1 << 18);
            program.tensor(scope, "convert", zeros, 15L);
        }
    }
}
