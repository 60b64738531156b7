package dev.stratalens.server.fake;

import java.util.stream.IntStream;

/** The distribution of one cell: made up from its layer and token, but a true distribution. */
final class FakeDistribution {

    private final double[] logProbs;
    private final double logSumExp;

    FakeDistribution(int layer, int position, int token, int vocabulary) {
        double[] logits = IntStream.range(0, vocabulary)
                .mapToDouble(id ->
                        Math.floorMod((id + 1) * 7919 + (layer + 2) * 104_729 + position * 31 + token * 1_299_709, 1009)
                                / 100.0)
                .toArray();
        logSumExp = Math.log(IntStream.range(0, vocabulary)
                .mapToDouble(id -> Math.exp(logits[id]))
                .sum());
        logProbs = IntStream.range(0, vocabulary)
                .mapToDouble(id -> logits[id] - logSumExp)
                .toArray();
    }

    double logSumExp() {
        return logSumExp;
    }

    float logProb(int id) {
        return (float) logProbs[id];
    }

    int[] top(int k) {
        return IntStream.range(0, logProbs.length)
                .boxed()
                .sorted((a, b) -> Double.compare(logProbs[b], logProbs[a]))
                .limit(k)
                .mapToInt(id -> id)
                .toArray();
    }

    int rank(int id) {
        return 1
                + (int) IntStream.range(0, logProbs.length)
                        .filter(other -> logProbs[other] > logProbs[id])
                        .count();
    }

    double entropy() {
        return -IntStream.range(0, logProbs.length)
                .mapToDouble(id -> Math.exp(logProbs[id]) * logProbs[id])
                .sum();
    }

    double divergenceFrom(FakeDistribution reference) {
        return IntStream.range(0, logProbs.length)
                .mapToDouble(id -> Math.exp(reference.logProbs[id]) * (reference.logProbs[id] - logProbs[id]))
                .sum();
    }
}
