package dev.stratalens.engine.model.weight;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.stratalens.engine.model.weight.Placement.Stage;
import dev.stratalens.engine.tensor.Device;
import java.util.List;
import org.junit.jupiter.api.Test;

class PlacementTest {

    private static final Device ZERO = Device.cpu(0);
    private static final Device ONE = Device.cpu(1);
    private static final Device TWO = Device.cpu(2);

    @Test
    void oneDeviceHasAllBlocksAndTheHead() {
        Placement placement = Placement.on(Device.CPU, 12);

        assertEquals(List.of(new Stage(Device.CPU, 0, 12)), placement.stages());
        assertEquals(Device.CPU, placement.embedding());
        assertEquals(Device.CPU, placement.head());
        assertEquals("cpu", placement.deviceNames());
    }

    @Test
    void stagesShareTheBlocksInOrder() {
        Placement placement = Placement.inStages(List.of(ZERO, ONE, TWO), 7);

        assertEquals(List.of(new Stage(ZERO, 0, 2), new Stage(ONE, 2, 2), new Stage(TWO, 4, 3)), placement.stages());
        assertEquals(7, placement.blockCount());
        assertEquals(ZERO, placement.embedding());
        assertEquals(TWO, placement.head());
        assertEquals("cpu:0, cpu:1, cpu:2", placement.deviceNames());
    }

    @Test
    void theHeadMayLieElsewhere() {
        var placement = new Placement(List.of(new Stage(ZERO, 0, 1), new Stage(ONE, 1, 1)), ZERO);

        assertEquals(List.of(ZERO, ONE), placement.devices());
    }

    @Test
    void blocksThatAreLeftOutOrThereTwiceAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> new Placement(List.of(), ZERO));
        assertThrows(IllegalArgumentException.class, () -> new Placement(List.of(new Stage(ZERO, 1, 1)), ZERO));
        var first = new Stage(ZERO, 0, 2);
        assertThrows(IllegalArgumentException.class, () -> new Placement(List.of(first, new Stage(ONE, 1, 1)), ZERO));
        assertThrows(IllegalArgumentException.class, () -> new Placement(List.of(first, new Stage(ONE, 3, 1)), ZERO));
        assertThrows(IllegalArgumentException.class, () -> new Stage(ZERO, 0, 0));
    }

    @Test
    void moreDevicesThanBlocksAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> Placement.inStages(List.of(ZERO, ONE, TWO), 2));
        assertThrows(IllegalArgumentException.class, () -> Placement.inStages(List.of(), 2));
    }
}
