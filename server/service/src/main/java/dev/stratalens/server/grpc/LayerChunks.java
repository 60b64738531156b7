package dev.stratalens.server.grpc;

import dev.stratalens.engine.lens.plan.LensPlan;
import dev.stratalens.engine.lens.plan.ReadPoint;
import dev.stratalens.engine.lens.plan.Statistic;
import dev.stratalens.engine.lens.result.CellReadout;
import dev.stratalens.engine.lens.result.Columns;
import dev.stratalens.v1.LayerChunk;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/** Cuts layers into messages that stay far below the 4 MiB that clients accept. */
final class LayerChunks {

    private static final int MAX_ENTRIES = 16_384;

    private final List<ReadPoint> readPoints;
    private final int positions;
    private final int topK;
    private final int targets;
    private final TokenTexts texts;

    LayerChunks(LensPlan plan, TokenTexts texts) {
        this.readPoints = plan.readPoints();
        this.positions = plan.positions().length;
        this.topK = plan.topK();
        this.targets = plan.targets().size();
        this.texts = texts;
    }

    /** Makes one message after the other, so that no more than one is held. */
    void split(CellReadout layer, Consumer<LayerChunk> consumer) {
        int step = Math.max(1, MAX_ENTRIES / (topK + targets));
        for (int first = 0; first < positions; first += step) {
            consumer.accept(chunk(layer, first, Math.min(first + step, positions)));
        }
    }

    private LayerChunk chunk(CellReadout layer, int first, int end) {
        LayerChunk.Builder chunk = LayerChunk.newBuilder()
                .setLayer(layer(readPoints.get(layer.readPoint())))
                .setFirstPositionIndex(first)
                .setPositionCount(end - first)
                .setNewTokens(texts.unsent(Arrays.stream(layer.topIds(), first * topK, end * topK)));
        for (int i = first * topK; i < end * topK; i++) {
            chunk.addTokenIds(layer.topIds()[i]).addLogProbs(layer.topLogProbs()[i]);
        }
        for (int i = first * targets; i < end * targets; i++) {
            chunk.addTargetRanks(layer.targetRanks()[i]).addTargetLogProbs(layer.targetLogProbs()[i]);
        }
        Columns columns = layer.columns();
        for (Statistic statistic : columns.statistics()) {
            float[] column = columns.of(statistic);
            for (int i = first; i < end; i++) {
                switch (statistic) {
                    case LOG_SUM_EXP -> chunk.addLogSumExps(column[i]);
                    case ENTROPY -> chunk.addEntropies(column[i]);
                    case KL_FROM_FINAL -> chunk.addKlFromFinals(column[i]);
                    case KL_FROM_NEXT -> chunk.addKlFromNexts(column[i]);
                }
            }
        }
        return chunk.build();
    }

    /** Its number on the wire; -1 is the embedding. */
    static int layer(ReadPoint point) {
        return point.isLayer() ? point.block() : -1;
    }
}
