package dev.stratalens.server.lens;

import dev.stratalens.server.model.CausalLanguageModel;
import dev.stratalens.server.model.Decoder;
import dev.stratalens.server.model.torch.TorchScope;
import dev.stratalens.server.model.torch.TorchTensor;
import java.util.Arrays;

/** Runs the blocks over the whole prompt and keeps the residual rows that a plan asks for. */
final class ForwardPass {

    private final Decoder decoder;
    private final LensPlan plan;
    private final LensListener listener;
    private final Cancellation cancellation;
    private final int blocks;

    ForwardPass(CausalLanguageModel model, LensPlan plan, LensListener listener, Cancellation cancellation) {
        this.decoder = model.decoder();
        this.plan = plan;
        this.listener = listener;
        this.cancellation = cancellation;
        this.blocks = model.architecture().sizes().blockCount();
    }

    /** @param scope owner of the rows */
    ResidualRows run(TorchScope scope) {
        int[] layers = plan.layers();
        int positions = plan.positions().length;
        int asked = layers.length * positions;
        boolean lastAsked = layers[layers.length - 1] == blocks - 1;
        TorchTensor store = decoder.rowStore(scope, lastAsked ? asked : asked + positions);
        var rows = new ResidualRows(store, positions, asked, lastAsked ? asked - positions : asked);
        cancellation.throwIfCancelled();
        listener.forwardProgress(0, blocks);
        try (TorchTensor kept =
                scope.longs(Arrays.stream(plan.positions()).asLongStream().toArray(), positions)) {
            decoder.forward(plan.tokenIds(), new int[] {plan.tokenIds().length}, (layer, residual) -> {
                int index = Arrays.binarySearch(layers, layer);
                if (index >= 0) {
                    decoder.keepRows(residual, kept, store, index * positions);
                } else if (layer == blocks - 1) {
                    decoder.keepRows(residual, kept, store, rows.finalFirst());
                }
                cancellation.throwIfCancelled();
                if (layer >= 0) {
                    listener.forwardProgress(layer + 1, blocks);
                }
            });
        }
        return rows;
    }
}
