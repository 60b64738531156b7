package dev.stratalens.server.models;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stratalens.engine.fake.FakeLensEngine;
import dev.stratalens.engine.lens.LensEngine;
import dev.stratalens.server.error.ModelMemoryException;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class MemoryBudgetTest {

    private final SizedModels models = new SizedModels(100, "a-40", "b-40", "c-40", "d-90", "e-101");

    @AfterEach
    void close() {
        models.close();
    }

    @Test
    void modelsThatFitStayTogether() throws InterruptedException {
        models.use("a-40");
        models.use("b-40");

        assertEquals(List.of("a-40", "b-40"), models.inMemory());
    }

    @Test
    void theLeastRecentlyUsedMakesRoom() throws InterruptedException {
        models.use("a-40");
        models.use("b-40");
        models.use("a-40");
        models.use("c-40");

        assertEquals(List.of("a-40", "c-40"), models.inMemory());
        assertTrue(engine("b-40").isClosed());
        assertEquals(new ServingState.NotLoaded(), models.model("b-40").state());
    }

    @Test
    void asManyMakeRoomAsItTakes() throws InterruptedException {
        models.use("a-40");
        models.use("b-40");
        models.use("d-90");

        assertEquals(List.of("d-90"), models.inMemory());
    }

    @Test
    void aModelThatMadeRoomIsLoadedAgainByTheNextRequest() throws InterruptedException {
        models.use("a-40");
        models.use("d-90");

        assertInstanceOf(LensEngine.class, models.use("a-40"));
        assertEquals(List.of("a-40", "d-90", "a-40"), models.loaded);
    }

    @Test
    void aModelThatARequestHoldsNeverMakesRoom() throws InterruptedException {
        try (Lease lease = models.hold("a-40")) {
            models.use("b-40");
            models.use("c-40");
            assertEquals(List.of("a-40", "c-40"), models.inMemory());

            ModelMemoryException refusal = assertInstanceOf(ModelMemoryException.class, models.use("d-90"));

            assertEquals(90, refusal.neededBytes());
            assertEquals(100, refusal.budgetBytes());
            assertEquals(List.of(new ModelMemoryException.Holder("a-40", 40)), refusal.holders());
            assertEquals(
                    "Model \"d-90\" needs 90 bytes; the memory budget for models is 100, and these are in use: "
                            + "\"a-40\" (40). Try again when one of them is not, or raise memory-budget.",
                    refusal.getMessage());
            assertFalse(engine("a-40").isClosed());
            assertEquals(lease.engine(), engine("a-40"));
        }
        models.nanos.addAndGet(1_000_000_000);

        assertInstanceOf(LensEngine.class, models.use("d-90"));
    }

    @Test
    void aModelThatIsJustLetGoMakesRoom() throws InterruptedException {
        Lease lease = models.hold("a-40");
        Thread later = new Thread(() -> {
            while (models.loaded.size() < 2) {
                Thread.onSpinWait();
            }
            lease.close();
        });
        later.start();

        assertInstanceOf(LensEngine.class, models.use("d-90"));
        later.join();
    }

    @Test
    void aModelThatNeverFitsUnloadsNothing() throws InterruptedException {
        models.use("a-40");

        ModelMemoryException refusal = assertInstanceOf(ModelMemoryException.class, models.use("e-101"));

        assertEquals(
                "Model \"e-101\" needs 101 bytes; the memory budget for models is 100. Raise memory-budget, or serve a smaller model.",
                refusal.getMessage());
        assertEquals(List.of("a-40"), models.inMemory());
    }

    @Test
    void aModelThatFailsToLoadTakesNoMemory() throws InterruptedException {
        models.failures.put("d-90", new IllegalStateException("broken"));

        assertInstanceOf(IllegalStateException.class, models.use("d-90"));

        assertEquals(List.of(), models.inMemory());
        models.use("a-40");
        models.use("b-40");
        assertEquals(List.of("a-40", "b-40"), models.inMemory());
    }

    private FakeLensEngine engine(String name) {
        return Objects.requireNonNull(models.engines.get(name));
    }
}
