package dev.stratalens.server.models;

import static java.util.Comparator.comparing;
import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.toMap;
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
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Models of 60 bytes on faked cards of 100, and one of 10 bytes on the processor. */
@Timeout(60)
class ModelsOnCardsTest implements EngineLoader {

    private static final Device CARD = Device.cuda(0);
    private static final Device OTHER = Device.cuda(1);

    private static final Map<String, Set<Device>> MODELS = Map.of(
            "a", Set.of(CARD),
            "b", Set.of(CARD),
            "c", Set.of(OTHER),
            "both", Set.of(CARD, OTHER),
            "processor", Set.of());

    private final AtomicLong nanos = new AtomicLong();
    private final List<FakeLensEngine> onCards = new ArrayList<>();
    private final ModelRegistry registry = new ModelRegistry(
            MODELS.keySet().stream()
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
        Set<Device> cards = requireNonNull(MODELS.get(name));
        while (homeless(cards, Map.of()) > 0) {
            if (!listener.makeRoomOnCards(freed -> homeless(cards, freed))) {
                throw new ModelTooLargeException("There is no room.", 60, free(CARD));
            }
        }
        listener.placed(
                Placement.inStages(
                        cards.stream().sorted(comparing(Device::name)).toList(), 6),
                cards.stream().collect(toMap(card -> card, card -> 60L)));
        listener.needs(5);
        onCards.add(engine);
        return engine;
    }

    /** The blocks of a model for some cards that have no room if each has so many more bytes free. */
    private int homeless(Set<Device> wanted, Map<Device, Long> freed) {
        return wanted.stream().allMatch(card -> free(card) + freed.getOrDefault(card, 0L) >= 60) ? 0 : 6;
    }

    @Override
    public List<HostDevice> cards() {
        return Stream.of(CARD, OTHER)
                .map(card -> new HostDevice(card, "a card", 100, free(card)))
                .toList();
    }

    private long free(Device card) {
        return 100
                - 60
                        * onCards.stream()
                                .filter(engine -> !engine.isClosed())
                                .filter(engine -> requireNonNull(
                                                MODELS.get(engine.description().name()))
                                        .contains(card))
                                .count();
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
            assertSame(onCards.get(0), held.engine());
            assertFalse(onCards.get(0).isClosed());
            assertEquals(0, model("b").deviceBytes().size());
        }
    }

    @Test
    void aModelThatHasNoRoomOnOneCardUnloadsNoneThatIsOnAnother() throws InterruptedException {
        use("c");
        use("a");
        use("b");

        assertEquals(60, registry.bytesOn(OTHER), "c was used least recently, but is on the other card");
        assertEquals(Map.of(), model("a").deviceBytes());
        assertInstanceOf(LensEngine.class, use("both"));
        assertEquals(Map.of(), model("b").deviceBytes());
        assertEquals(Map.of(), model("c").deviceBytes());
        assertEquals(60, registry.bytesOn(CARD));
        assertEquals(60, registry.bytesOn(OTHER));
    }

    @Test
    void aModelOnCardsOfWhichOneIsHeldUnloadsNothing() throws InterruptedException {
        use("c");
        use("a");
        try (Lease held = model("a").lease().orElseThrow()) {
            assertInstanceOf(ModelTooLargeException.class, use("both"));
            assertSame(onCards.get(1), held.engine());
            assertEquals(60, registry.bytesOn(OTHER), "c stays: its room alone would not do");
        }
    }

    @Test
    void aModelThatIsJustLetGoMakesRoom() throws InterruptedException {
        use("a");
        Lease lease = model("a").lease().orElseThrow();
        Thread later = new Thread(() -> {
            while (!(model("b").state() instanceof ServingState.Loading)) {
                Thread.onSpinWait();
            }
            lease.close();
        });
        later.start();

        assertInstanceOf(LensEngine.class, use("b"));
        later.join();
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
