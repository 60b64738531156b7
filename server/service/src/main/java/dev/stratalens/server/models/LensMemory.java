package dev.stratalens.server.models;

import dev.stratalens.engine.lens.reading.GivenLenses;
import dev.stratalens.engine.lens.transport.AffineMap;
import dev.stratalens.engine.model.ComputeChoice;
import dev.stratalens.engine.model.weight.ModelSizes;
import dev.stratalens.engine.model.weight.Placement;
import dev.stratalens.engine.model.weight.Placer;
import dev.stratalens.engine.tensor.Device;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;

/**
 * The memory of a model's fitted lenses. Each map is on the device of its block, and counts as a part of it. If not all lenses are in memory
 * together, a block counts with the largest maps that can be.
 */
final class LensMemory {

    private final Map<Integer, Long> bytesOfBlock = new HashMap<>();

    LensMemory(GivenLenses lenses) {
        Map<Integer, List<Long>> ofLenses = new HashMap<>();
        lenses.byName().values().forEach(lens -> {
            Map<Integer, Long> own = new HashMap<>();
            lens.maps().forEach((point, map) -> own.merge(point.block(), bytes(map), Long::sum));
            own.forEach((block, bytes) ->
                    ofLenses.computeIfAbsent(block, none -> new ArrayList<>()).add(bytes));
        });
        ofLenses.forEach((block, bytes) -> bytesOfBlock.put(
                block,
                bytes.stream()
                        .sorted(Comparator.reverseOrder())
                        .limit(lenses.inMemory())
                        .mapToLong(Long::longValue)
                        .sum()));
    }

    private static long bytes(AffineMap map) {
        return map.matrix().byteCount()
                + map.bias().map(bias -> bias.byteCount()).orElse(0L);
    }

    private long ofBlock(int block) {
        return bytesOfBlock.getOrDefault(block, 0L);
    }

    /** Chooses places for the blocks with their maps. */
    Placer beside(Placer placer) {
        return bytesOfBlock.isEmpty()
                ? placer
                : new Placer() {
                    @Override
                    public Device fastest() {
                        return placer.fastest();
                    }

                    @Override
                    public Placement place(ModelSizes sizes) {
                        return placer.place(sizes.with(LensMemory.this::ofBlock));
                    }
                };
    }

    /** Tells a listener of the weights together with the maps. */
    ModelLoadListener beside(ModelLoadListener listener) {
        return bytesOfBlock.isEmpty() ? listener : new WithMaps(listener);
    }

    private Map<Device, Long> on(Placement placement) {
        Map<Device, Long> bytes = new LinkedHashMap<>();
        placement
                .stages()
                .forEach(stage -> IntStream.range(stage.firstBlock(), stage.endBlock())
                        .forEach(block -> bytes.merge(stage.device(), ofBlock(block), Long::sum)));
        return bytes;
    }

    private final class WithMaps implements ModelLoadListener {

        private final ModelLoadListener listener;
        private long onProcessor;

        private WithMaps(ModelLoadListener listener) {
            this.listener = listener;
        }

        @Override
        public void placed(Placement placement, Map<Device, Long> weightBytes) {
            Map<Device, Long> all = new LinkedHashMap<>(weightBytes);
            on(placement).forEach((device, bytes) -> {
                all.merge(device, bytes, Long::sum);
                onProcessor += device.isHost() ? bytes : 0;
            });
            listener.placed(placement, all);
        }

        @Override
        public void needs(long bytes) {
            listener.needs(bytes + onProcessor);
        }

        @Override
        public void loaded(long doneBytes, long totalBytes) {
            listener.loaded(doneBytes, totalBytes);
        }

        @Override
        public void downloaded(long doneBytes, long totalBytes) {
            listener.downloaded(doneBytes, totalBytes);
        }

        @Override
        public boolean makeRoomOnCards(ToIntFunction<Map<Device, Long>> homeless) {
            return listener.makeRoomOnCards(homeless);
        }

        @Override
        public <T> T inTurn(Supplier<T> work) {
            return listener.inTurn(work);
        }

        @Override
        public void chosen(ComputeChoice choice) {
            listener.chosen(choice);
        }
    }
}
