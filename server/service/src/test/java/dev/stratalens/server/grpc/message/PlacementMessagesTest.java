package dev.stratalens.server.grpc.message;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.stratalens.engine.fake.FakeLensEngine;
import dev.stratalens.engine.fake.FakeModel;
import dev.stratalens.engine.model.weight.Placement.Stage;
import dev.stratalens.engine.model.weight.WeightForm;
import dev.stratalens.engine.tensor.Device;
import dev.stratalens.v1.DeviceMemory;
import dev.stratalens.v1.ModelDescription;
import dev.stratalens.v1.Placement;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PlacementMessagesTest {

    @Test
    void everyStageIsARangeAndTheHeadHasItsDevice() {
        var placement = new dev.stratalens.engine.model.weight.Placement(
                List.of(new Stage(Device.cuda(1), 0, 4, WeightForm.PACKED), new Stage(Device.CPU, 4, 2)),
                List.of(Device.CPU, Device.cuda(1)));

        ModelDescription message = ModelMessages.description(
                new FakeLensEngine(FakeModel.on(placement, "m", FakeModel.VOCABULARY, FakeModel.CONTEXT)));

        assertEquals(
                List.of(
                        Placement.newBuilder()
                                .setDevice("cuda:1")
                                .setBlockCount(4)
                                .setPacked(true)
                                .build(),
                        Placement.newBuilder()
                                .setDevice("cpu")
                                .setFirstBlock(4)
                                .setBlockCount(2)
                                .build()),
                message.getPlacementsList());
        assertEquals(List.of("cpu", "cuda:1"), message.getHeadDevicesList());
    }

    @Test
    void memoryIsToldForEachDevice() {
        assertEquals(
                List.of(DeviceMemory.newBuilder()
                        .setDevice("cuda:1")
                        .setBytes(7)
                        .build()),
                ModelMessages.memory(Map.of(Device.cuda(1), 7L)));
        assertEquals(List.of(), ModelMessages.memory(Map.of()));
    }
}
