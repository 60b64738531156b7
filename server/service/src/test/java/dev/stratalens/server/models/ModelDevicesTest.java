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
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

class ModelDevicesTest {

    private static final ModelSizes SIZES =
            new ModelSizes(100, Collections.nCopies(10, 100L), 100, 100, DataType.BFLOAT16);

    private final List<HostDevice> cards = new ArrayList<>(List.of(card(0, 2000), card(1, 2000)));
    private int looks;

    @Test
    void aMachineWithoutCardsComputesAsEver() {
        cards.clear();

        assertSame(Placer.PROCESSOR, devices("auto").placer("m", () -> false));
        assertSame(Placer.PROCESSOR, devices("cpu").placer("m", () -> false));
        assertSame(Placer.PROCESSOR, ModelDevices.PROCESSOR.placer("m", () -> false));
        assertEquals(List.of(), devices("auto").cards());
    }

    @Test
    void aModelThatStaysOnTheProcessorDoesNotLookAtCards() {
        assertSame(Placer.PROCESSOR, devices("cpu").placer("m", () -> false));
        assertEquals(List.of(), devices("cpu").cards());
        assertEquals(0, looks);
    }

    @Test
    void aModelIsLoadedAfterOneLook() {
        ModelDevices devices = devices("cuda");
        assertEquals(1, looks);
        devices.placer("m", () -> false).place(SIZES);
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
                devices.placer("m", () -> false).place(SIZES).devices());

        cards.set(0, card(0, 150));
        assertEquals(
                List.of(Device.cuda(1)),
                devices.placer("m", () -> false).place(SIZES).devices());
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
                .placer("m", () -> false)
                .place(SIZES)
                .blocksLeftBehind();
    }

    @Test
    void roomIsMadeAsLongAsThatHelps() {
        cards.set(0, card(0, 150));
        cards.set(1, card(1, 150));
        BooleanSupplier makeRoom = () -> {
            boolean helps = cards.get(1).freeBytes() < 1000;
            cards.set(1, card(1, 1200));
            return helps;
        };

        for (String device : List.of("cuda", "auto")) {
            cards.set(1, card(1, 150));
            Placement placement = devices(device).placer("m", makeRoom).place(SIZES);
            assertEquals(List.of(Device.cuda(1)), placement.devices(), device);
            assertEquals(0, placement.blocksLeftBehind());
        }
    }

    @Test
    void theFirstCardDecidesTheComputeType() {
        assertEquals(
                Device.cuda(1), devices("cuda:1,0").placer("m", () -> false).fastest());
        assertEquals(Device.CPU, devices("cpu").placer("m", () -> false).fastest());
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
