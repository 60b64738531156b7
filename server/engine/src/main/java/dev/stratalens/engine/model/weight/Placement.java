package dev.stratalens.engine.model.weight;

import dev.stratalens.engine.tensor.Device;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The devices of the parts of a model: the blocks in stages, one device after another, the embedding with the first
 * stage, the head on one device or several. Residual rows move between devices once per border.
 *
 * @param stages of all blocks, in order, 1 or more
 * @param heads devices of the final norm and the unembedding, on which lenses read, 1 or more, each once; the first one
 *     reads the model's own output
 */
public record Placement(List<Stage> stages, List<Device> heads) {

    /**
     * Consecutive blocks on one device.
     *
     * @param device where they are
     * @param firstBlock index of the first, 0 or more
     * @param blockCount number of blocks, 1 or more
     * @param form of their quantized weights
     */
    public record Stage(Device device, int firstBlock, int blockCount, WeightForm form) {

        /** Blocks whose weights are all decoded. */
        public Stage(Device device, int firstBlock, int blockCount) {
            this(device, firstBlock, blockCount, WeightForm.DECODED);
        }

        /** Refuses a stage without blocks. */
        public Stage {
            if (firstBlock < 0 || blockCount < 1) {
                throw new IllegalArgumentException(
                        "A stage needs 1 block or more, from block 0 on, not %d from block %d."
                                .formatted(blockCount, firstBlock));
            }
        }

        /** The block after its last. */
        public int endBlock() {
            return firstBlock + blockCount;
        }
    }

    /** Refuses stages that skip or repeat blocks, and a head that is nowhere or twice on a device. */
    public Placement {
        stages = List.copyOf(stages);
        heads = List.copyOf(heads);
        if (heads.isEmpty() || heads.size() != Set.copyOf(heads).size()) {
            throw new IllegalArgumentException("A head needs 1 device or more, each once, not %s.".formatted(heads));
        }
        int next = 0;
        for (Stage stage : stages) {
            if (stage.firstBlock() != next) {
                throw new IllegalArgumentException(
                        "A stage begins at block %d, but the next block is %d.".formatted(stage.firstBlock(), next));
            }
            next = stage.endBlock();
        }
        if (next == 0) {
            throw new IllegalArgumentException("A placement needs 1 stage or more.");
        }
    }

    /** With one head. */
    public Placement(List<Stage> stages, Device head) {
        this(stages, List.of(head));
    }

    /** Everything on one device. */
    public static Placement on(Device device, int blockCount) {
        return inStages(List.of(device), blockCount);
    }

    /**
     * The same number of blocks on each device, within one; the head with the last.
     *
     * @param devices in the order of the blocks, 1 or more, at most the number of blocks
     */
    public static Placement inStages(List<Device> devices, int blockCount) {
        if (devices.isEmpty() || devices.size() > blockCount) {
            throw new IllegalArgumentException("A placement of %d blocks needs 1 to %d devices, not %d."
                    .formatted(blockCount, blockCount, devices.size()));
        }
        var stages = new ArrayList<Stage>();
        for (int i = 0; i < devices.size(); i++) {
            int first = (int) ((long) i * blockCount / devices.size());
            int end = (int) ((i + 1L) * blockCount / devices.size());
            stages.add(new Stage(devices.get(i), first, end - first));
        }
        return new Placement(stages, devices.get(devices.size() - 1));
    }

    /** The same with the blocks on cards packed. */
    Placement packed() {
        return new Placement(
                stages.stream()
                        .map(stage -> stage.device().isHost()
                                ? stage
                                : new Stage(stage.device(), stage.firstBlock(), stage.blockCount(), WeightForm.PACKED))
                        .toList(),
                heads);
    }

    /** Number of blocks of all stages. */
    public int blockCount() {
        return stages.get(stages.size() - 1).endBlock();
    }

    /** Device of the head that reads the model's own output. */
    public Device head() {
        return heads.get(0);
    }

    /** The device of a block. */
    public Device deviceOf(int block) {
        return stages.stream()
                .filter(stage -> block < stage.endBlock())
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("There is no block %d.".formatted(block)))
                .device();
    }

    /** Device of the embedding. */
    public Device embedding() {
        return stages.get(0).device();
    }

    /** Every device once, in the order of the blocks, those of the heads last. */
    public List<Device> devices() {
        return Stream.concat(stages.stream().map(Stage::device), heads.stream())
                .distinct()
                .toList();
    }

    /** {@code blocks 0 to 59 on cuda:0, blocks 60 to 79 on cpu, head on cpu}. */
    public String inWords() {
        return stages.stream()
                .map(stage -> "blocks %d to %d%s on %s, "
                        .formatted(
                                stage.firstBlock(),
                                stage.endBlock() - 1,
                                stage.form() == WeightForm.PACKED ? " packed" : "",
                                stage.device()))
                .collect(Collectors.joining(
                        "", "", heads.stream().map(Device::name).collect(Collectors.joining(" and ", "head on ", ""))));
    }

    /** Blocks on the processor though others are elsewhere; each request waits for them. */
    public int blocksLeftBehind() {
        return stages.stream().allMatch(stage -> stage.device().isHost())
                ? 0
                : stages.stream()
                        .filter(stage -> stage.device().isHost())
                        .mapToInt(Stage::blockCount)
                        .sum();
    }
}
