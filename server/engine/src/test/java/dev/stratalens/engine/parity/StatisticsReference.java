package dev.stratalens.engine.parity;

import java.util.Comparator;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/** The statistics of one cell, straight from their definitions. Natural logarithms; softmax over all logits. */
public final class StatisticsReference {

    private StatisticsReference() {}

    public static double logSumExp(double[] logits) {
        double highest = DoubleStream.of(logits).max().orElseThrow();
        return highest
                + Math.log(DoubleStream.of(logits)
                        .map(logit -> Math.exp(logit - highest))
                        .sum());
    }

    public static double[] logProbs(double[] logits) {
        double logSumExp = logSumExp(logits);
        return DoubleStream.of(logits).map(logit -> logit - logSumExp).toArray();
    }

    public static double entropy(double[] logits) {
        return -DoubleStream.of(logProbs(logits))
                .map(logProb -> Math.exp(logProb) * logProb)
                .sum();
    }

    /** KL(p || q), where p and q are given by their logits. */
    public static double divergence(double[] logitsOfP, double[] logitsOfQ) {
        double[] p = logProbs(logitsOfP);
        double[] q = logProbs(logitsOfQ);
        return IntStream.range(0, p.length)
                .mapToDouble(token -> Math.exp(p[token]) * (p[token] - q[token]))
                .sum();
    }

    /** 1 + the number of other tokens with a strictly higher logit. */
    public static int rank(double[] logits, int target) {
        return 1
                + (int) DoubleStream.of(logits)
                        .filter(logit -> logit > logits[target])
                        .count();
    }

    /** The k tokens with the highest logits, the best one first; of equal ones the lower id. */
    public static int[] top(double[] logits, int k) {
        return IntStream.range(0, logits.length)
                .boxed()
                .sorted(Comparator.comparingDouble((Integer token) -> -logits[token]))
                .limit(k)
                .mapToInt(Integer::intValue)
                .toArray();
    }
}
