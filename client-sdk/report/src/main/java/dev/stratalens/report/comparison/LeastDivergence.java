package dev.stratalens.report.comparison;

import java.util.Map;

/**
 * The least divergence of two partly known distributions; see {@link Divergence}.
 *
 * <p>The outcomes are the tokens that both know, those that only A knows, those that only B knows, and the rest.
 * Unknown in A is the share of its remaining probability that falls on B's own tokens: {@code y}. Likewise {@code x} is
 * the share of B on A's own tokens. An f-divergence is convex, and least if the quotients of these three classes are
 * equal. If this needs a larger {@code x} or {@code y} than possible, one of them takes its largest value.
 */
final class LeastDivergence {

    /**
     * Error of sums of float32 probabilities. Both remainders are increased by it, so that the quotient of two small
     * remainders (differences of sums) does not claim too much.
     */
    private static final double ROUNDING = 2e-6;

    /** One class's part of an f-divergence: convex, homogeneous, 0 where both are equal. */
    @FunctionalInterface
    private interface Part {
        double of(double p, double q);
    }

    private final double[] p;
    private final double[] q;
    private int shared;
    private double onlyA;
    private double onlyB;
    private double restA;
    private double restB;
    private double mostX;
    private double mostY;

    private LeastDivergence(int tokens) {
        p = new double[tokens];
        q = new double[tokens];
    }

    static Divergence of(KnownProbabilities a, int layerIndexA, KnownProbabilities b, int layerIndexB) {
        LeastDivergence least = new LeastDivergence(a.byKey().size());
        double sharedA = 0;
        double sharedB = 0;
        int tokensOnlyA = 0;
        int tokensOnlyB = 0;
        for (Map.Entry<Integer, double[]> token : a.byKey().entrySet()) {
            double here = token.getValue()[layerIndexA];
            double there = known(b, token.getKey(), layerIndexB);
            if (Double.isNaN(here)) {
                continue;
            }
            if (Double.isNaN(there)) {
                least.onlyA += here;
                tokensOnlyA++;
            } else {
                least.p[least.shared] = here;
                least.q[least.shared++] = there;
                sharedA += here;
                sharedB += there;
            }
        }
        for (Map.Entry<Integer, double[]> token : b.byKey().entrySet()) {
            double there = token.getValue()[layerIndexB];
            if (!Double.isNaN(there) && Double.isNaN(known(a, token.getKey(), layerIndexA))) {
                least.onlyB += there;
                tokensOnlyB++;
            }
        }
        least.restA = Math.max(0, 1 - sharedA - least.onlyA) + ROUNDING;
        least.restB = Math.max(0, 1 - sharedB - least.onlyB) + ROUNDING;
        least.mostX = Math.min(least.restB, tokensOnlyA * b.leastOfTop(layerIndexB));
        least.mostY = Math.min(least.restA, tokensOnlyB * a.leastOfTop(layerIndexA));
        return new Divergence(
                Math.min(1, least.least(LeastDivergence::totalVariation)),
                Math.min(Math.log(2), least.least(LeastDivergence::jensenShannon)),
                least.least(LeastDivergence::kl),
                least.least((p, q) -> kl(q, p)),
                Math.min(1, sharedA),
                Math.min(1, sharedB));
    }

    private static double known(KnownProbabilities of, int key, int layerIndex) {
        double[] values = of.byKey().get(key);
        return values == null ? Double.NaN : values[layerIndex];
    }

    private double least(Part part) {
        double sum = 0;
        for (int i = 0; i < shared; i++) {
            sum += part.of(p[i], q[i]);
        }
        return Math.max(0, sum + leastOfUnclear(part));
    }

    private double leastOfUnclear(Part part) {
        double quotient = (onlyA + restA) / (onlyB + restB);
        double x = onlyA / quotient;
        double y = onlyB * quotient;
        if (x <= mostX && y <= mostY) {
            return unclear(part, x, y);
        }
        double yIfMostX = Math.min(mostY, onlyB * quotient(restA, onlyB + restB - mostX));
        double xIfMostY = Math.min(mostX, onlyA * quotient(restB, onlyA + restA - mostY));
        return Math.min(unclear(part, mostX, yIfMostX), unclear(part, xIfMostY, mostY));
    }

    private double unclear(Part part, double x, double y) {
        return part.of(onlyA, x) + part.of(y, onlyB) + part.of(restA - y, restB - x);
    }

    private static double quotient(double part, double whole) {
        return whole > 0 ? part / whole : 0;
    }

    private static double totalVariation(double p, double q) {
        return Math.abs(p - q) / 2;
    }

    private static double jensenShannon(double p, double q) {
        double mean = (p + q) / 2;
        return (kl(p, mean) + kl(q, mean)) / 2;
    }

    private static double kl(double p, double q) {
        return p <= 0 ? 0 : p * Math.log(p / q);
    }
}
