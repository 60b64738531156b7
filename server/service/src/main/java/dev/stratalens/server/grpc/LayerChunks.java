package dev.stratalens.server.grpc;

import dev.stratalens.engine.lens.plan.LensPlan;
import dev.stratalens.engine.lens.result.LayerReadout;
import dev.stratalens.v1.LayerChunk;
import java.util.Arrays;
import java.util.function.Consumer;

/** Cuts layers into messages that stay far below the 4 MiB that clients accept. */
final class LayerChunks {

    private static final int MAX_ENTRIES = 16_384;

    private final int positions;
    private final int topK;
    private final int targets;
    private final TokenTexts texts;

    LayerChunks(LensPlan plan, TokenTexts texts) {
        this.positions = plan.positions().length;
        this.topK = plan.topK();
        this.targets = plan.targets().size();
        this.texts = texts;
    }

    /** Makes one message after the other, so that no more than one is held. */
    void split(LayerReadout layer, Consumer<LayerChunk> consumer) {
        int step = Math.max(1, MAX_ENTRIES / (topK + targets));
        for (int first = 0; first < positions; first += step) {
            consumer.accept(chunk(layer, first, Math.min(first + step, positions)));
        }
    }

    private LayerChunk chunk(LayerReadout layer, int first, int end) {
        LayerChunk.Builder chunk = LayerChunk.newBuilder()
                .setLayer(layer.layer())
                .setFirstPositionIndex(first)
                .setPositionCount(end - first)
                .setNewTokens(texts.unsent(Arrays.stream(layer.topIds(), first * topK, end * topK)));
        for (int i = first * topK; i < end * topK; i++) {
            chunk.addTokenIds(layer.topIds()[i]).addLogProbs(layer.topLogProbs()[i]);
        }
        for (int i = first * targets; i < end * targets; i++) {
            chunk.addTargetRanks(layer.targetRanks()[i]).addTargetLogProbs(layer.targetLogProbs()[i]);
        }
        for (int i = first; i < end; i++) {
            chunk.addLogSumExps(layer.logSumExps()[i]);
        }
        // A statistic that was not asked for has no values.
        for (int i = first; i < Math.min(end, layer.entropies().length); i++) {
            chunk.addEntropies(layer.entropies()[i]);
        }
        for (int i = first; i < Math.min(end, layer.klFromFinals().length); i++) {
            chunk.addKlFromFinals(layer.klFromFinals()[i]);
        }
        for (int i = first; i < Math.min(end, layer.klFromNexts().length); i++) {
            chunk.addKlFromNexts(layer.klFromNexts()[i]);
        }
        return chunk.build();
    }
}
