package dev.stratalens.engine.model.weight;

import static java.util.stream.Collectors.toSet;

import com.google.common.collect.Maps;
import dev.stratalens.engine.architecture.weight.Slot;
import dev.stratalens.engine.checkpoint.DataType;
import dev.stratalens.engine.checkpoint.StoredBytes;
import dev.stratalens.engine.checkpoint.TensorInfo;
import dev.stratalens.engine.tensor.Device;
import dev.stratalens.engine.tensor.TensorCount;
import dev.stratalens.engine.tensor.TorchProgram;
import dev.stratalens.engine.tensor.TorchScope;
import dev.stratalens.engine.tensor.TorchTensor;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** Quantized weights as codes on a device, which unpacks them. Not thread-safe. */
public final class PackedWeights {

    private record Wanted(TensorInfo tensor, DataType type) {}

    private final TorchProgram program;
    private final Map<String, PlacedWeight> slots;
    private final DataType type;
    private final Map<TensorInfo, PackedTensor> tensors = new LinkedHashMap<>();

    /**
     * Reads the weights of {@link #packable} slots.
     *
     * @param program on the device
     * @param scope of the codes
     * @param type of the unpacked weights
     */
    PackedWeights(TorchProgram program, TorchScope scope, Map<String, PlacedWeight> slots, DataType type) {
        this.program = program;
        this.slots = slots;
        this.type = type;
        if (slots.isEmpty()) {
            return;
        }
        try (TorchProgram host = TorchProgram.compile(Device.CPU, "weights", Map.of(), new TensorCount());
                StoredBytes files = new StoredBytes();
                PartTeam team = new PartTeam()) {
            for (PlacedWeight weight : slots.values()) {
                TensorInfo tensor = weight.tensor();
                if (!tensors.containsKey(tensor)) {
                    PackedTensor.form(tensor)
                            .ifPresent(form ->
                                    tensors.put(tensor, PackedTensor.read(tensor, form, files, team, host, scope)));
                }
            }
        }
    }

    /** Those that can be packed; of slots that are stacked, all or none. */
    public static Map<String, PlacedWeight> packable(Map<String, PlacedWeight> slots) {
        Set<String> others = slots.entrySet().stream()
                .filter(slot -> PackedTensor.form(slot.getValue().tensor()).isEmpty())
                .map(slot -> stack(slot.getKey()))
                .collect(toSet());
        return Map.copyOf(Maps.filterKeys(slots, slot -> !others.contains(stack(slot))));
    }

    private static String stack(String slot) {
        int end = slot.indexOf('/');
        return end < 0 ? slot : slot.substring(0, end);
    }

    /** The weights of all slots, stacked where there are several. */
    public Map<String, TorchTensor> unpacked(TorchScope scope) {
        var weights = new HashMap<String, TorchTensor>();
        var views = new WeightViews(program);
        try (var numbers = new Unpacked()) {
            slots.forEach((slot, weight) -> {
                if (slot.indexOf('/') < 0) {
                    DataType wanted = Slot.isExact(slot) ? DataType.FLOAT32 : type;
                    weights.put(slot, views.view(scope, numbers.of(weight.tensor(), wanted), weight.source(), 0));
                } else if (slot.endsWith("/0")) {
                    weights.put(
                            stack(slot),
                            views.stack(
                                    scope,
                                    stack(slot),
                                    slots,
                                    part -> views.view(scope, numbers.of(part.tensor(), type), part.source(), 0),
                                    part -> numbers.forget(part.tensor())));
                }
            });
        }
        return weights;
    }

    /** The numbers of tensors while weights become views of them, which keep them. */
    private final class Unpacked implements AutoCloseable {

        private final TorchScope scope = program.scope();
        private final Map<Wanted, TorchTensor> numbers = new HashMap<>();

        TorchTensor of(TensorInfo tensor, DataType wanted) {
            return numbers.computeIfAbsent(new Wanted(tensor, wanted), key -> {
                PackedTensor packed = tensors.get(tensor);
                if (packed == null) {
                    throw new IllegalStateException("%s is not packed".formatted(tensor.name()));
                }
                return packed.unpacked(program, scope, wanted);
            });
        }

        void forget(TensorInfo tensor) {
            TorchTensor known = numbers.remove(new Wanted(tensor, type));
            if (known != null) {
                known.close();
            }
        }

        @Override
        public void close() {
            scope.close();
        }
    }
}
