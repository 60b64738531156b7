package dev.stratalens.server.models;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.stratalens.engine.checkpoint.DataType;
import dev.stratalens.engine.device.DeviceChoice;
import dev.stratalens.engine.device.FoundCards;
import dev.stratalens.engine.device.Host;
import dev.stratalens.engine.device.HostDevice;
import dev.stratalens.engine.error.DeviceUnavailableException;
import dev.stratalens.engine.error.ModelTooLargeException;
import dev.stratalens.engine.model.weight.ModelSizes;
import dev.stratalens.engine.model.weight.Placement;
import dev.stratalens.engine.model.weight.Placer;
import dev.stratalens.engine.tensor.Device;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ModelDevicesTest {

    private static final ModelSizes SIZES =
            new ModelSizes(100, Collections.nCopies(10, 100L), 100, 100, DataType.BFLOAT16);

    private static final ModelLoadListener NO_ROOM = (done, total) -> {};

    private final List<HostDevice> cards = new ArrayList<>(List.of(card(0, 2000), card(1, 2000)));
    private int looks;

    @Test
    void aMachineWithoutCardsComputesAsEver() {
        cards.clear();

        assertSame(Placer.PROCESSOR, devices("auto").placer("m", NO_ROOM));
        assertSame(Placer.PROCESSOR, devices("cpu").placer("m", NO_ROOM));
        assertSame(Placer.PROCESSOR, ModelDevices.PROCESSOR.placer("m", NO_ROOM));
        assertEquals(List.of(), devices("auto").cards());
    }

    @Test
    void aModelThatStaysOnTheProcessorDoesNotLookAtCards() {
        assertSame(Placer.PROCESSOR, devices("cpu").placer("m", NO_ROOM));
        assertEquals(List.of(), devices("cpu").cards());
        assertEquals(0, looks);
    }

    @Test
    void aModelIsLoadedAfterOneLook() {
        ModelDevices devices = devices("cuda");
        assertEquals(1, looks);
        devices.placer("m", NO_ROOM).place(SIZES);
        assertEquals(2, looks);
    }

    @Test
    void aDeviceThatIsNotThereStopsTheStart() {
        assertThrows(DeviceUnavailableException.class, () -> devices("cuda:7"));
        cards.clear();
        assertThrows(DeviceUnavailableException.class, () -> devices("cuda"));
    }

    @Test
    void freeMemoryIsThatOfTheMomentOfLoading() {
        ModelDevices devices = devices("cuda");
        assertEquals(cards, devices.cards());
        assertEquals(
                List.of(Device.cuda(0)),
                devices.placer("m", NO_ROOM).place(SIZES).devices());

        cards.set(0, card(0, 150));
        assertEquals(
                List.of(Device.cuda(1)),
                devices.placer("m", NO_ROOM).place(SIZES).devices());
        assertEquals(cards, devices.cards());
    }

    @Test
    void aRequestHasItsRoomOnTheCard() {
        cards.remove(1);

        assertEquals(0, leftBehind("auto", 800));
        assertEquals(3, leftBehind("auto", 1100));
        assertThrows(ModelTooLargeException.class, () -> leftBehind("cuda", 1100));
    }

    private int leftBehind(String device, long requestBytes) {
        return ModelDevices.of(host(), Map.of("m", choice(device)), requestBytes)
                .placer("m", NO_ROOM)
                .place(SIZES)
                .blocksLeftBehind();
    }

    @Test
    void roomIsMadeAsLongAsThatHelps() {
        cards.set(0, card(0, 150));
        Idle idle = new Idle(List.of(Map.of(Device.cuda(1), 1050L), Map.of(Device.cuda(0), 900L)));

        for (String device : List.of("cuda", "auto")) {
            cards.set(1, card(1, 150));
            idle.unloaded.clear();
            Placement placement = devices(device).placer("m", idle).place(SIZES);
            assertEquals(List.of(Device.cuda(1)), placement.devices(), device);
            assertEquals(0, placement.blocksLeftBehind());
            assertEquals(List.of(0), idle.unloaded, "the model on the other card stays");
        }
    }

    @Test
    void aModelForOneCardUnloadsNothingOfAnother() {
        cards.set(0, card(0, 150));
        cards.set(1, card(1, 150));
        Idle idle = new Idle(List.of(Map.of(Device.cuda(0), 1800L), Map.of(Device.cuda(1), 1050L)));

        assertEquals(
                List.of(Device.cuda(1)),
                devices("cuda:1").placer("m", idle).place(SIZES).devices());
        assertEquals(List.of(1), idle.unloaded);
    }

    @Test
    void nothingIsUnloadedForAModelThatHasNoRoomAnyway() {
        cards.set(0, card(0, 150));
        cards.set(1, card(1, 150));
        Idle idle = new Idle(List.of(Map.of(Device.cuda(0), 300L), Map.of(Device.cuda(1), 300L)));

        assertThrows(
                ModelTooLargeException.class,
                () -> devices("cuda").placer("m", idle).place(SIZES));
        assertEquals(List.of(), idle.unloaded);
    }

    @Test
    void withAutoRoomForSomeBlocksIsMadeToo() {
        cards.set(0, card(0, 350));
        cards.set(1, card(1, 0));
        int before = devices("auto").placer("m", NO_ROOM).place(SIZES).blocksLeftBehind();
        Idle idle = new Idle(List.of(Map.of(Device.cuda(1), 50L), Map.of(Device.cuda(0), 300L)));

        Placement placement = devices("auto").placer("m", idle).place(SIZES);

        assertEquals(before - 3, placement.blocksLeftBehind());
        assertEquals(List.of(1), idle.unloaded, "50 bytes are no room for a block");
    }

    /** Idle models by what they give back, the least recently used first. */
    private final class Idle implements ModelLoadListener {

        private final List<Map<Device, Long>> models;
        private final List<Integer> unloaded = new ArrayList<>();

        Idle(List<Map<Device, Long>> models) {
            this.models = models;
        }

        @Override
        public void loaded(long done, long total) {}

        @Override
        public boolean makeRoomOnCards(ToIntFunction<Map<Device, Long>> homeless) {
            List<Integer> left = IntStream.range(0, models.size())
                    .filter(model -> !unloaded.contains(model))
                    .boxed()
                    .toList();
            List<Integer> leaving = CardRoom.made(left, models::get, homeless);
            leaving.forEach(model -> models.get(model)
                    .forEach((card, bytes) ->
                            cards.set(card.index(), cards.get(card.index()).withMoreFree(bytes))));
            unloaded.addAll(leaving);
            return !leaving.isEmpty();
        }
    }

    @Test
    void theFirstCardDecidesTheComputeType() {
        assertEquals(Device.cuda(1), devices("cuda:1,0").placer("m", NO_ROOM).fastest());
        assertEquals(Device.CPU, devices("cpu").placer("m", NO_ROOM).fastest());
    }

    private ModelDevices devices(String device) {
        return ModelDevices.of(host(), Map.of("m", choice(device)), 0);
    }

    private Host host() {
        return () -> {
            looks++;
            return new FoundCards(cards, Optional.empty(), "There is no card.");
        };
    }

    private static DeviceChoice choice(String text) {
        return DeviceChoice.parse(text).orElseThrow();
    }

    private static HostDevice card(int number, long free) {
        return new HostDevice(Device.cuda(number), "a card", 2000, free);
    }
}
