package dev.stratalens.cli.connect;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.stratalens.client.model.DeviceMemory;
import dev.stratalens.client.model.ModelFacts;
import dev.stratalens.client.model.ModelInfo;
import dev.stratalens.client.model.Placement;
import java.util.List;
import org.junit.jupiter.api.Test;

class BlockPlacesTest {

    @Test
    void aModelOnTheProcessorHasBlocks() {
        assertEquals("80 blocks", BlockPlaces.of(facts(Placement.of("cpu", 0, 80))));
        assertEquals("80 blocks", BlockPlaces.of(facts()));
    }

    @Test
    void placesAreNamedInOrder() {
        assertEquals(
                "blocks 0 to 59 on cuda:0, 60 to 79 on cpu, head on cpu",
                BlockPlaces.of(facts(Placement.of("cuda:0", 0, 60), Placement.of("cpu", 60, 20))));
    }

    @Test
    void packedBlocksAndSeveralHeadsAreNamed() {
        ModelFacts facts = ModelFacts.builder(ModelInfo.builder("m", 80).build())
                .placements(List.of(Placement.of("cuda:0", 0, 60).withPacked(true), Placement.of("cuda:1", 60, 20)))
                .headDevices(List.of("cuda:1", "cuda:0"))
                .build();

        assertEquals(
                "blocks 0 to 59 packed on cuda:0, 60 to 79 on cuda:1, head on cuda:1 and cuda:0",
                BlockPlaces.of(facts));
    }

    @Test
    void weightsAreNamedWithTheirDevices() {
        assertEquals(
                "80 blocks on cpu, weights 2.0 GB on cpu",
                BlockPlaces.withWeights(
                        facts(Placement.of("cpu", 0, 80)), List.of(DeviceMemory.of("cpu", 2_000_000_000L))));
        assertEquals(
                "blocks 0 to 59 on cuda:0, 60 to 79 on cpu, head on cpu, weights 3.0 GB on cuda:0, 1.0 GB on cpu",
                BlockPlaces.withWeights(
                        facts(Placement.of("cuda:0", 0, 60), Placement.of("cpu", 60, 20)),
                        List.of(DeviceMemory.of("cuda:0", 3_000_000_000L), DeviceMemory.of("cpu", 1_000_000_000L))));
    }

    private static ModelFacts facts(Placement... placements) {
        return ModelFacts.builder(ModelInfo.builder("m", 80).build())
                .placements(List.of(placements))
                .headDevices(List.of("cpu"))
                .build();
    }
}
