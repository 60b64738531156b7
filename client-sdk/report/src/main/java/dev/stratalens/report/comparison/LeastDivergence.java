package dev.stratalens.report.comparison;

import java.util.Map;

/**
 * The least divergence of two distributions of which parts are known; see {@link Divergence}.
 *
 * <p>The outcomes are the tokens that both know, the tokens that A alone knows, those that B alone knows, and the rest. Of
 * A, all is known but how much of what it has left falls on B's own tokens; let this be {@code y}, and {@code x} likewise
 * of B on A's. An f-divergence is least, and convex, where the quotients of all three unclear classes are equal. If that
 * needs more than {@code x} or {@code y} can be, one of them is as large as it can be.
 */
final class LeastDivergence {

    /**
     * Sums of float32 probabilities are off by about this much. Both rests are larger by it, so that the quotient of two
     * small rests, each a small difference of sums, claims no more than is known.
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
