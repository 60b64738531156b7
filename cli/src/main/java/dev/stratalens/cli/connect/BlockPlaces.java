package dev.stratalens.cli.connect;

import dev.stratalens.cli.terminal.ByteSize;
import dev.stratalens.client.model.DeviceMemory;
import dev.stratalens.client.model.ModelFacts;
import dev.stratalens.client.model.Placement;
import java.util.List;
import java.util.stream.Collectors;

/** Where the blocks of a model are, in words. */
public final class BlockPlaces {

    private BlockPlaces() {}

    /** {@code 12 blocks}; {@code blocks 0 to 59 on cuda:0, 60 to 79 on cpu, head on cpu}, if not all is on the processor. */
    public static String of(ModelFacts facts) {
        return isPlain(facts)
                ? facts.info().layers() + " blocks"
                : facts.placements().stream()
                        .map(BlockPlaces::range)
                        .collect(Collectors.joining(
                                ", ",
                                "blocks ",
                                facts.headDevices().isEmpty()
                                        ? ""
                                        : ", head on " + String.join(" and ", facts.headDevices())));
    }

    /** The same with the memory of the weights: {@code 12 blocks on cpu, weights 1.2 GB on cpu}. */
    public static String withWeights(ModelFacts facts, List<DeviceMemory> weights) {
        return weights.stream()
                .map(some -> "%s on %s".formatted(ByteSize.text(some.bytes()), some.device()))
                .collect(Collectors.joining(
                        ", ", of(facts) + (isPlain(facts) ? " on cpu, weights " : ", weights "), ""));
    }

    /** Whether all blocks are on the processor. */
    public static boolean isPlain(ModelFacts facts) {
        return facts.placements().stream().allMatch(stage -> stage.device().equals("cpu"));
    }

    private static String range(Placement stage) {
        return "%d to %d%s on %s"
                .formatted(
                        stage.firstBlock(),
                        stage.firstBlock() + stage.blocks() - 1,
                        stage.packed() ? " packed" : "",
                        stage.device());
    }
}
