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
        assertEquals("blocks 0 to 11 on cpu, head on cpu", placement.inWords());
        assertEquals(0, placement.blocksLeftBehind());
    }

    @Test
    void stagesShareTheBlocksInOrder() {
        Placement placement = Placement.inStages(List.of(ZERO, ONE, TWO), 7);

        assertEquals(List.of(new Stage(ZERO, 0, 2), new Stage(ONE, 2, 2), new Stage(TWO, 4, 3)), placement.stages());
        assertEquals(7, placement.blockCount());
        assertEquals(ZERO, placement.embedding());
        assertEquals(TWO, placement.head());
        assertEquals(
                "blocks 0 to 1 on cpu:0, blocks 2 to 3 on cpu:1, blocks 4 to 6 on cpu:2, head on cpu:2",
                placement.inWords());
    }

    @Test
    void blocksOnTheProcessorBesideCardsAreLeftBehind() {
        var placement =
                new Placement(List.of(new Stage(Device.cuda(0), 0, 60), new Stage(Device.CPU, 60, 20)), Device.CPU);

        assertEquals(20, placement.blocksLeftBehind());
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
