package dev.stratalens.bench.bare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MeasuredModelTest {

    private static final Path DEMO = Path.of("..", "..", "models", "demo");
    private static final int[] TOKENS = {5, 17, 300, 41, 9};

    @ParameterizedTest
    @ValueSource(strings = {"float32", "bfloat16"})
    void everyPieceOfWorkRunsAndFreesWhatItTook(String computeType) {
        MeasuredModel model = MeasuredModel.load(DEMO, computeType);
        try (model) {
            assertTrue(model.loadSeconds() > 0);
            assertTrue(model.lensSeconds(TOKENS) > 0);
            assertTrue(model.attentionSeconds(7) > 0);
            assertTrue(model.tensorCount() > 10);
            int loaded = model.openTensors();
            try (BareWork work = model.bareWork(TOKENS, 8)) {
                assertTrue(work.forward() > 0);
                for (Blocking blocking : work.cuts()) {
                    assertTrue(work.trial(blocking) > 0, blocking.toString());
                    assertTrue(work.products(blocking) > 0, blocking.toString());
                }
                assertTrue(work.expectation() > 0);
                assertTrue(work.selfChecks() > 0);
            }
            assertEquals(loaded, model.openTensors());
        }
        assertEquals(0, model.openTensors());
    }
}
