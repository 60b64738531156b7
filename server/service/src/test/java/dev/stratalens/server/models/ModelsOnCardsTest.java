package dev.stratalens.server.models;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.stratalens.engine.device.HostDevice;
import dev.stratalens.engine.error.ModelTooLargeException;
import dev.stratalens.engine.fake.FakeLensEngine;
import dev.stratalens.engine.lens.LensEngine;
import dev.stratalens.engine.model.weight.Placement;
import dev.stratalens.engine.tensor.Device;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Models of 60 bytes on a faked card of 100, and one of 10 bytes on the processor. */
@Timeout(60)
class ModelsOnCardsTest implements EngineLoader {

    private static final Device CARD = Device.cuda(0);

    private final AtomicLong nanos = new AtomicLong();
    private final List<FakeLensEngine> onCard = new ArrayList<>();
    private final ModelRegistry registry = new ModelRegistry(
            List.of("a", "b", "processor").stream()
                    .map(name -> new ServedName(name, LoadPolicy.ON_DEMAND))
                    .toList(),
            100,
            this,
            ComputeTurns.NOBODY_ELSE,
            nanos::incrementAndGet);

    ModelsOnCardsTest() {
        registry.start();
    }

    @AfterEach
    void close() {
        registry.close();
    }

    @Override
    public LensEngine load(String name, ModelLoadListener listener) {
        FakeLensEngine engine = FakeLensEngine.named(name);
        if (name.equals("processor")) {
            listener.placed(Placement.on(Device.CPU, 6), Map.of(Device.CPU, 10L));
            listener.needs(10);
            return engine;
        }
        while (free() < 60) {
            if (!listener.makeRoomOnCards()) {
                throw new ModelTooLargeException("There is no room.", 60, free());
            }
        }
        listener.placed(Placement.on(CARD, 6), Map.of(CARD, 60L, Device.CPU, 5L));
        listener.needs(5);
        onCard.add(engine);
        return engine;
    }

    @Override
    public List<HostDevice> cards() {
        return List.of(new HostDevice(CARD, "a card", 100, free()));
    }

    private long free() {
        return 100 - 60 * onCard.stream().filter(engine -> !engine.isClosed()).count();
    }

    @Test
    void weightsOnACardDoNotCountForTheBudgetOfTheMachine() throws InterruptedException {
        use("a");

        assertEquals(Map.of(CARD, 60L, Device.CPU, 5L), model("a").deviceBytes());
        assertEquals(5, registry.memoryBytes());
        assertEquals(60, registry.bytesOn(CARD));
    }

    @Test
    void anIdleModelOnTheCardMakesRoomAndNoneOnTheProcessorDoes() throws InterruptedException {
        use("processor");
        use("a");
        assertInstanceOf(LensEngine.class, use("b"));

        assertEquals(60, registry.bytesOn(CARD));
        assertEquals(Map.of(), model("a").deviceBytes());
        assertEquals(Map.of(Device.CPU, 10L), model("processor").deviceBytes());
    }

    @Test
    void aModelThatARequestHoldsMakesNoRoom() throws InterruptedException {
        use("a");
        try (Lease held = model("a").lease().orElseThrow()) {
            assertInstanceOf(ModelTooLargeException.class, use("b"));
            assertSame(onCard.get(0), held.engine());
            assertFalse(onCard.get(0).isClosed());
            assertEquals(0, model("b").deviceBytes().size());
        }
    }

    private NamedModel model(String name) {
        return registry.find(name, "model");
    }

    private Object use(String name) throws InterruptedException {
        BlockingQueue<Object> outcome = new LinkedBlockingQueue<>();
        Loaded.await(model(name), outcome::add, outcome::add);
        Object result = outcome.poll(30, TimeUnit.SECONDS);
        assertNotNull(result, "neither loaded nor failed");
        while (model(name).isHeld()) {
            Thread.onSpinWait();
        }
        return result;
    }
}
