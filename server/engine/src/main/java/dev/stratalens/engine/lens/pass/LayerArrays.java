package dev.stratalens.engine.lens.pass;

import dev.stratalens.engine.lens.plan.LensPlan;
import dev.stratalens.engine.lens.plan.Statistic;
import dev.stratalens.engine.lens.result.LayerReadout;
import java.util.Arrays;
import java.util.Set;

/** Results of one layer while its positions come in. */
final class LayerArrays {

    final int[] topIds;
    final float[] topLogProbs;
    final float[] logSumExps;
    final int[] targetRanks;
    final float[] targetLogProbs;
    final float[] entropies;
    final float[] klFromFinals;
    final float[] klFromNexts;

    LayerArrays(LensPlan plan) {
        int positions = plan.positions().length;
        Set<Statistic> statistics = plan.statistics();
        topIds = new int[positions * plan.topK()];
        topLogProbs = new float[positions * plan.topK()];
        logSumExps = new float[positions];
        targetRanks = new int[positions * plan.targets().size()];
        targetLogProbs = new float[positions * plan.targets().size()];
        entropies = new float[statistics.contains(Statistic.ENTROPY) ? positions : 0];
        klFromFinals = new float[statistics.contains(Statistic.KL_FROM_FINAL) ? positions : 0];
        klFromNexts = new float[statistics.contains(Statistic.KL_FROM_NEXT) ? positions : 0];
        Arrays.fill(klFromNexts, Float.NaN);
    }

    LayerReadout readout(int layer) {
        return new LayerReadout(
                layer,
                topIds,
                topLogProbs,
                logSumExps,
                targetRanks,
                targetLogProbs,
                entropies,
                klFromFinals,
                klFromNexts);
    }
}
