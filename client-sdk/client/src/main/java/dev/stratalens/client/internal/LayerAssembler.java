package dev.stratalens.client.internal;

import static dev.stratalens.client.internal.BrokenStream.require;

import dev.stratalens.client.request.Statistic;
import dev.stratalens.client.result.LayerColumns;
import dev.stratalens.client.result.RunInfo;
import dev.stratalens.v1.LayerChunk;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Puts layer chunks together, in exactly the order that the header promised. */
final class LayerAssembler {

    private final RunInfo info;
    private final TokenTexts texts;
    private final List<LayerColumns> complete = new ArrayList<>();
    private @Nullable LayerColumns current;
    private int positionsDone;

    LayerAssembler(RunInfo info, TokenTexts texts) {
        this.info = info;
        this.texts = texts;
    }

    boolean isComplete() {
        return complete.size() == info.layers().size();
    }

    List<LayerColumns> layers() {
        return complete;
    }

    /** What must come next, in words. */
    String expected() {
        return "layer " + info.layers().get(complete.size()) + " from position "
                + info.positions().get(positionsDone);
    }

    /** Takes a chunk; gives its layer if that is complete now. */
    @Nullable
    LayerColumns add(LayerChunk chunk) {
        require(!isComplete(), "a chunk of layer %d came after the last layer", chunk.getLayer());
        int first = chunk.getFirstPositionIndex();
        int count = chunk.getPositionCount();
        int positions = info.positions().size();
        require(
                chunk.getLayer() == info.layers().get(complete.size()) && first == positionsDone,
                "expected %s, but layer %d from position index %d came",
                expected(),
                chunk.getLayer(),
                first);
        require(
                count >= 1 && count <= positions - first,
                "a chunk of layer %d has %d positions where %d are left",
                chunk.getLayer(),
                count,
                positions - first);
        texts.add(chunk.getNewTokens());
        LayerColumns columns = current == null ? allocate(chunk.getLayer()) : current;
        copy(chunk, first, count, columns);
        positionsDone += count;
        if (positionsDone < positions) {
            current = columns;
            return null;
        }
        complete.add(columns);
        current = null;
        positionsDone = 0;
        return columns;
    }

    private LayerColumns allocate(int layer) {
        int positions = info.positions().size();
        int predictions = Math.multiplyExact(positions, info.k());
        int targets = Math.multiplyExact(positions, info.targets().size());
        return new LayerColumns(
                layer,
                new int[predictions],
                new float[predictions],
                new float[positions],
                new float[sizeOf(Statistic.ENTROPY)],
                new float[sizeOf(Statistic.KL_FROM_FINAL)],
                new float[sizeOf(Statistic.KL_FROM_NEXT)],
                new int[targets],
                new float[targets]);
    }

    private int sizeOf(Statistic statistic) {
        return info.statistics().contains(statistic) ? info.positions().size() : 0;
    }

    private void copy(LayerChunk chunk, int first, int count, LayerColumns to) {
        Columns columns = new Columns("layer " + chunk.getLayer());
        int k = info.k();
        int m = info.targets().size();
        columns.ints("token_ids", chunk.getTokenIdsCount(), chunk::getTokenIds, to.topIds(), first * k, count * k);
        columns.floats(
                "log_probs", chunk.getLogProbsCount(), chunk::getLogProbs, to.topLogProbs(), first * k, count * k);
        columns.floats("log_sum_exps", chunk.getLogSumExpsCount(), chunk::getLogSumExps, to.logSumExps(), first, count);
        columns.ints(
                "target_ranks",
                chunk.getTargetRanksCount(),
                chunk::getTargetRanks,
                to.targetRanks(),
                first * m,
                count * m);
        columns.floats(
                "target_log_probs",
                chunk.getTargetLogProbsCount(),
                chunk::getTargetLogProbs,
                to.targetLogProbs(),
                first * m,
                count * m);
        columns.floats(
                "entropies",
                chunk.getEntropiesCount(),
                chunk::getEntropies,
                to.entropies(),
                first,
                sized(to.entropies(), count));
        columns.floats(
                "kl_from_finals",
                chunk.getKlFromFinalsCount(),
                chunk::getKlFromFinals,
                to.klFromFinals(),
                first,
                sized(to.klFromFinals(), count));
        columns.floats(
                "kl_from_nexts",
                chunk.getKlFromNextsCount(),
                chunk::getKlFromNexts,
                to.klFromNexts(),
                first,
                sized(to.klFromNexts(), count));
        for (int i = 0; i < count * k; i++) {
            texts.get(chunk.getTokenIds(i));
        }
        checkRanks(chunk, first, count);
    }

    private static int sized(float[] column, int count) {
        return column.length == 0 ? 0 : count;
    }

    private void checkRanks(LayerChunk chunk, int first, int count) {
        int m = info.targets().size();
        for (int i = 0; i < count * m; i++) {
            int rank = chunk.getTargetRanks(i);
            boolean exists = info.targets().get(i % m).ids().get(first + i / m).isPresent();
            require(
                    exists ? rank >= 1 && rank <= info.model().vocabularySize() : rank == 0,
                    "layer %d gives rank %s to target %d at position %d, which %s",
                    chunk.getLayer(),
                    Integer.toUnsignedString(rank),
                    i % m,
                    info.positions().get(first + i / m),
                    exists ? "must be 1 .. " + info.model().vocabularySize() : "does not exist");
        }
    }
}
