package dev.stratalens.engine.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stratalens.engine.checkpoint.reader.CheckpointReader;
import dev.stratalens.engine.model.weight.OwnedResources;
import dev.stratalens.engine.model.weight.Placer;
import dev.stratalens.engine.parity.ParityCases;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class OwnedResourcesTest {

    private final List<String> closed = new ArrayList<>();

    @Test
    void theNewestIsClosedFirst() {
        var owned = new OwnedResources();
        owned.own(() -> closed.add("old"));
        owned.own(() -> closed.add("new"));
        owned.close();

        assertEquals(List.of("new", "old"), closed);
    }

    @Test
    void oneThatFailsDoesNotKeepTheOthersOpen() {
        var first = new IllegalStateException("first");
        var second = new OutOfMemoryError("second");
        var owned = new OwnedResources();
        owned.own(() -> closed.add("old"));
        owned.own(() -> {
            throw second;
        });
        owned.own(() -> closed.add("middle"));
        owned.own(() -> {
            throw first;
        });

        assertSame(first, assertThrows(IllegalStateException.class, owned::close));
        assertArrayEquals(new Throwable[] {second}, first.getSuppressed());
        assertEquals(List.of("middle", "old"), closed);
    }

    @Test
    void afterAFailureThatOneIsTold() {
        var failure = new OutOfMemoryError("while loading");
        var later = new IllegalStateException("while closing");
        var owned = new OwnedResources();
        owned.own(() -> {
            throw later;
        });
        owned.closeAfter(failure);

        assertArrayEquals(new Throwable[] {later}, failure.getSuppressed());
    }

    /** An Error ends a load like an exception: everything is freed. */
    @Test
    void anErrorWhileLoadingIsThrownAsItIs() {
        var error = new OutOfMemoryError("made by the test");
        var checkpoint = CheckpointReader.open(ParityCases.named("llama").modelDirectory());

        var owned = new OwnedResources();
        var most = new AtomicInteger();
        WeightListener halfWay = (done, total) -> {
            most.set(owned.tensors().open());
            if (done > 0) {
                throw error;
            }
        };

        assertSame(
                error,
                assertThrows(
                        OutOfMemoryError.class,
                        () -> CausalLanguageModel.load(
                                checkpoint, Precision.FLOAT32, Placer.PROCESSOR, halfWay, owned)));
        assertTrue(most.get() > 0);
        assertEquals(0, owned.tensors().open());
    }
}
