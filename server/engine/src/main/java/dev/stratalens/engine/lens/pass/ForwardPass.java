package dev.stratalens.engine.lens.pass;

import static java.util.Objects.requireNonNull;

import dev.stratalens.engine.lens.plan.ReadPoint;
import dev.stratalens.engine.lens.result.LensListener.Phase;
import dev.stratalens.engine.model.CausalLanguageModel;
import dev.stratalens.engine.model.Decoder;
import dev.stratalens.engine.model.PackedPrompts;
import dev.stratalens.engine.tensor.Device;
import dev.stratalens.engine.tensor.TorchScope;
import dev.stratalens.engine.tensor.TorchTensor;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Runs the blocks over the packed prompts of a pass, and keeps the residual rows that its plans need. */
final class ForwardPass {

    private final Decoder decoder;
    private final PassLayout layout;
    private final PassTimes times;
    private final int blocks;

    ForwardPass(CausalLanguageModel model, PassLayout layout, PassTimes times) {
        this.decoder = model.decoder();
        this.layout = layout;
        this.times = times;
        this.blocks = model.architecture().extents().blocks();
    }

    /**
     * Runs the blocks. A plan that ends during the pass leaves it.
     *
     * @param scopes owners of the rows
     * @return residual rows on each device in the order of the layout, in the compute type, [rows, d]
     */
    Map<Device, TorchTensor> run(DeviceScopes scopes) {
        List<PlanResult> results = layout.results();
        var stores = new LinkedHashMap<Device, TorchTensor>();
        layout.devices()
                .forEach(device -> stores.put(device, decoder.rowStore(scopes.on(device), layout.rows(device))));
        results.forEach(result -> result.begin(Phase.FORWARD, blocks));
        PackedPrompts prompts = PackedPrompts.of(
                        results.stream().map(result -> result.plan().tokenIds()).toArray(int[][]::new))
                .keeping(index -> results.get(index).isLive());
        if (!prompts.isEmpty()) {
            try (DeviceScopes steps = new DeviceScopes(decoder, layout.devices())) {
                var kept = new HashMap<Device, KeptRows>();
                stores.forEach(
                        (device, store) -> kept.put(device, new KeptRows(prompts, store, steps.on(device))));
                decoder.forward(prompts, (layer, residual, packed) -> {
                    ReadPoint point = layer < 0 ? ReadPoint.EMBEDDING : ReadPoint.layer(layer);
                    if (layout.keeps(point)) {
                        requireNonNull(kept.get(layout.device(point)))
                                .keep(residual, packed, layout.firstRow(point));
                    }
                    if (layer >= 0) {
                        results.forEach(result -> {
                            result.advance(1);
                            result.report();
                        });
                        times.takeInterlude();
                    }
                    return packed.keeping(index -> results.get(index).isLive());
                });
            }
        }
        times.forwardEnds();
        return stores;
    }

    /** The kept rows of the residual stream and their places on a device; the same for every layer while no prompt leaves. */
    private final class KeptRows {

        private final TorchTensor store;
        private final TorchScope scope;
        private int promptCount;
        private TorchTensor rows;
        private TorchTensor places;

        private KeptRows(PackedPrompts packed, TorchTensor store, TorchScope scope) {
            this.store = store;
            this.scope = scope;
            this.promptCount = packed.indexes().length;
            this.rows = rows(packed);
            this.places = places(packed);
        }

        private void keep(TorchTensor residual, PackedPrompts packed, int first) {
            if (packed.indexes().length != promptCount) {
                promptCount = packed.indexes().length;
                rows = rows(packed);
                places = places(packed);
            }
            decoder.keepRows(residual, rows, store, places, first);
        }

        private TorchTensor rows(PackedPrompts packed) {
            long[] kept = IntStream.range(0, packed.indexes().length)
                    .flatMap(place -> Arrays.stream(result(packed, place).plan().positions())
                            .map(position -> packed.start(place) + position))
                    .asLongStream()
                    .toArray();
            return scope.longs(kept, kept.length);
        }

        private TorchTensor places(PackedPrompts packed) {
            long[] kept = IntStream.range(0, packed.indexes().length)
                    .mapToObj(place -> result(packed, place))
                    .flatMapToInt(result ->
                            IntStream.range(result.firstPosition(), result.firstPosition() + result.positions()))
                    .asLongStream()
                    .toArray();
            return scope.longs(kept, kept.length);
        }
    }

    private PlanResult result(PackedPrompts packed, int place) {
        return layout.results().get(packed.indexes()[place]);
    }
}
