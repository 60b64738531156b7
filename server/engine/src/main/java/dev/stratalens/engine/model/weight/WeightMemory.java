package dev.stratalens.engine.model.weight;

import static java.util.Objects.requireNonNull;

import com.google.common.collect.Maps;
import dev.stratalens.engine.architecture.weight.Slot;
import dev.stratalens.engine.architecture.weight.WeightSource;
import dev.stratalens.engine.architecture.weight.WeightSource.Orientation;
import dev.stratalens.engine.checkpoint.DataType;
import dev.stratalens.engine.checkpoint.TensorInfo;
import dev.stratalens.engine.model.weight.ModelSizes.Packed;
import dev.stratalens.engine.tensor.Device;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;

/** Computes the memory of a plan's weights from sizes alone, as {@link WeightStore} loads them. */
public final class WeightMemory {

    private record Decoded(TensorInfo tensor, DataType type) {}

    private final Set<TensorInfo> mapped = new HashSet<>();
    private final Set<Decoded> decoded = new HashSet<>();
    private long bytes;
    private long unpacked;

    private WeightMemory() {}

    /**
     * Bytes on each device of the placement. Mapped weights count like copies, because without them in memory every
     * pass would read the disk.
     */
    public static Map<Device, Long> bytes(WeightPlan plan, DataType computeType, Placement placement) {
        var devices = new LinkedHashMap<Device, WeightMemory>();
        placement.devices().forEach(device -> devices.put(device, new WeightMemory()));
        BiConsumer<Device, Map<String, PlacedWeight>> add =
                (device, slots) -> requireNonNull(devices.get(device)).add(slots, computeType);
        add.accept(placement.embedding(), plan.embedding());
        for (Placement.Stage stage : placement.stages()) {
            WeightMemory memory = requireNonNull(devices.get(stage.device()));
            List<Map<String, PlacedWeight>> blocks = plan.blocks().subList(stage.firstBlock(), stage.endBlock());
            switch (stage.form()) {
                case DECODED -> blocks.forEach(block -> memory.add(block, computeType));
                case PACKED -> {
                    blocks.forEach(block -> memory.addPacked(block, computeType));
                    memory.unpacked = Math.max(memory.unpacked, largestUnpacked(blocks, computeType));
                }
            }
        }
        placement.heads().forEach(device -> add.accept(device, plan.head()));
        var bytes = new LinkedHashMap<Device, Long>();
        devices.forEach((device, memory) -> bytes.put(device, memory.bytes + memory.unpacked));
        return Collections.unmodifiableMap(bytes);
    }

    /**
     * The growth of the bytes of a model on one device while it is loaded.
     *
     * @return bytes of the embedding, of the embedding and the first block, and so on; last the total
     */
    public static long[] bytesAfter(WeightPlan plan, DataType computeType) {
        WeightMemory memory = new WeightMemory();
        var after = new long[plan.blocks().size() + 2];
        memory.add(plan.embedding(), computeType);
        after[0] = memory.bytes;
        for (int block = 0; block < plan.blocks().size(); block++) {
            memory.add(plan.blocks().get(block), computeType);
            after[block + 1] = memory.bytes;
        }
        memory.add(plan.head(), computeType);
        after[after.length - 1] = memory.bytes;
        return after;
    }

    /** The parts of a model, each by itself. */
    public static ModelSizes sizes(WeightPlan plan, DataType computeType) {
        long embedding = together(computeType, plan.embedding());
        List<Long> blocks = plan.blocks().stream()
                .map(block -> together(computeType, block))
                .toList();
        var packed = new Packed(
                plan.blocks().stream().map(block -> packed(block, computeType)).toList(),
                largestUnpacked(plan.blocks(), computeType));
        return new ModelSizes(
                embedding,
                blocks,
                together(computeType, plan.head()),
                together(computeType, plan.embedding(), plan.head()) - embedding,
                computeType,
                Optional.of(packed).filter(some -> !some.blocks().equals(blocks)));
    }

    private static long packed(Map<String, PlacedWeight> block, DataType computeType) {
        WeightMemory memory = new WeightMemory();
        memory.addPacked(block, computeType);
        return memory.bytes;
    }

    private static long largestUnpacked(List<Map<String, PlacedWeight>> blocks, DataType computeType) {
        return blocks.stream()
                .mapToLong(block -> together(computeType, PackedWeights.packable(block)))
                .max()
                .orElse(0);
    }

    /** Blocks share no packed tensor, and a block reads each once. */
    private void addPacked(Map<String, PlacedWeight> slots, DataType computeType) {
        Map<String, PlacedWeight> packable = PackedWeights.packable(slots);
        add(Maps.filterKeys(slots, slot -> !packable.containsKey(slot)), computeType);
        packable.values().stream()
                .map(PlacedWeight::tensor)
                .distinct()
                .forEach(tensor ->
                        bytes += PackedTensor.form(tensor).orElseThrow().byteCount(tensor.elementCount()));
    }

    @SafeVarargs
    private static long together(DataType computeType, Map<String, PlacedWeight>... parts) {
        WeightMemory memory = new WeightMemory();
        for (Map<String, PlacedWeight> part : parts) {
            memory.add(part, computeType);
        }
        return memory.bytes;
    }

    private void add(Map<String, PlacedWeight> slots, DataType computeType) {
        slots.forEach((slot, weight) -> add(slot, weight, Slot.isExact(slot) ? DataType.FLOAT32 : computeType));
    }

    private void add(String slot, PlacedWeight weight, DataType wanted) {
        TensorInfo tensor = weight.tensor();
        boolean stacked = slot.indexOf('/') >= 0;
        if (tensor.decoding().isPresent() && !stacked) {
            if (decoded.add(new Decoded(tensor, wanted))) {
                bytes += tensor.elementCount() * wanted.byteSize();
            }
        } else if (!stacked && isView(weight, wanted)) {
            if (mapped.add(tensor)) {
                bytes += tensor.byteCount();
            }
        } else {
            bytes += elements(weight) * wanted.byteSize();
        }
    }

    private static boolean isView(PlacedWeight weight, DataType wanted) {
        return weight.tensor().type().weightType().orElseThrow() == wanted
                && weight.source().outputs().groups() == 1;
    }

    /** Number of elements of the part of a slot. */
    private static long elements(PlacedWeight weight) {
        WeightSource source = weight.source();
        int dimension =
                (source.slice().isPresent() ? 1 : 0) + (source.orientation() == Orientation.OUTPUTS_FIRST ? 0 : 1);
        long elements = weight.tensor().elementCount();
        if (source.slice().isPresent()) {
            elements /= source.storedShape().get(0);
        }
        return dimension < source.storedShape().size()
                ? elements
                        / source.storedShape().get(dimension)
                        * source.outputs().count()
                : elements;
    }
}
