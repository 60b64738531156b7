package dev.stratalens.engine.lens.pass;

import dev.stratalens.engine.lens.plan.ReadPoint;
import dev.stratalens.engine.lens.result.LensListener.Phase;
import dev.stratalens.engine.model.CausalLanguageModel;
import dev.stratalens.engine.model.Decoder;
import dev.stratalens.engine.model.PackedPrompts;
import dev.stratalens.engine.tensor.TorchScope;
import dev.stratalens.engine.tensor.TorchTensor;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Runs the blocks over the prompts of a pass, packed, and keeps the residual rows that its plans ask for. */
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
     * Runs the blocks. A plan that ends meanwhile leaves the pass.
     *
     * @param scope owner of the rows
     * @return residual rows as the layout says, in the compute type, [rows, d]
     */
    TorchTensor run(TorchScope scope) {
        List<PlanResult> results = layout.results();
        TorchTensor store = decoder.rowStore(scope, layout.rows());
        results.forEach(result -> result.begin(Phase.FORWARD, blocks));
        PackedPrompts prompts = PackedPrompts.of(
                        results.stream().map(result -> result.plan().tokenIds()).toArray(int[][]::new))
                .keeping(index -> results.get(index).isLive());
        if (!prompts.isEmpty()) {
            try (TorchScope step = decoder.requestScope()) {
                var kept = new KeptRows(prompts, step);
                decoder.forward(prompts, (layer, residual, packed) -> {
                    ReadPoint point = layer < 0 ? ReadPoint.EMBEDDING : ReadPoint.layer(layer);
                    if (layout.keeps(point)) {
                        kept.keep(residual, packed, store, layout.firstRow(point));
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
        return store;
    }

    /** Which rows of the residual stream are kept, and where; the same for every layer while no prompt leaves. */
    private final class KeptRows {

        private final TorchScope scope;
        private int promptCount;
        private TorchTensor rows;
        private TorchTensor places;

        private KeptRows(PackedPrompts packed, TorchScope scope) {
            this.scope = scope;
            this.promptCount = packed.indexes().length;
            this.rows = rows(packed);
            this.places = places(packed);
        }

        private void keep(TorchTensor residual, PackedPrompts packed, TorchTensor store, int first) {
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
