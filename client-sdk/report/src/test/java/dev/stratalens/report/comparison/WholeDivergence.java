package dev.stratalens.report.comparison;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stratalens.report.analysis.HandMadeRun;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.IntStream;

/** Divergences of whole distributions, as their definitions say. */
final class WholeDivergence {

    private static final double ROUNDING = 5e-5;

    private WholeDivergence() {}

    /** Holds the bounds of a cell to the truth: below it, and no farther than {@code slack}. */
    static void assertBounds(double[] p, double[] q, Divergence least, double slack) {
        assertBound(totalVariation(p, q), least.totalVariation(), slack);
        assertBound(jensenShannon(p, q), least.jensenShannon(), slack);
        assertBound(kl(p, q), least.klFromA(), slack);
        assertBound(kl(q, p), least.klFromB(), slack);
    }

    private static void assertBound(double whole, double least, double slack) {
        assertTrue(least <= whole + ROUNDING, "at least " + least + ", but it is " + whole);
        assertTrue(whole - least <= slack, "only " + least + " of " + whole);
        assertTrue(least >= 0);
    }

    /** Total variation of the distributions coarsened to the tokens that both runs track and one class of all others. */
    static double coarsened(double[] p, double[] q, int k, HandMadeRun a, HandMadeRun b, int layer, int position) {
        Set<Integer> both = tracked(a, k, position);
        both.retainAll(tracked(b, k, position));
        double restP = 1;
        double restQ = 1;
        double sum = 0;
        for (int id : both) {
            sum += Math.abs(p[id] - q[id]);
            restP -= p[id];
            restQ -= q[id];
        }
        return (sum + Math.abs(restP - restQ)) / 2;
    }

    private static Set<Integer> tracked(HandMadeRun run, int k, int position) {
        Set<Integer> ids = new HashSet<>();
        for (double[][] layer : run.probabilities()) {
            double[] cell = layer[position];
            IntStream.range(0, cell.length)
                    .filter(id -> IntStream.range(0, cell.length)
                                    .filter(other -> cell[other] > cell[id])
                                    .count()
                            < k)
                    .forEach(ids::add);
        }
        return ids;
    }

    private static double totalVariation(double[] p, double[] q) {
        return IntStream.range(0, p.length)
                        .mapToDouble(id -> Math.abs(p[id] - q[id]))
                        .sum()
                / 2;
    }

    private static double kl(double[] p, double[] q) {
        return IntStream.range(0, p.length)
                .filter(id -> p[id] > 0)
                .mapToDouble(id -> p[id] * Math.log(p[id] / q[id]))
                .sum();
    }

    private static double jensenShannon(double[] p, double[] q) {
        double[] mean = IntStream.range(0, p.length)
                .mapToDouble(id -> (p[id] + q[id]) / 2)
                .toArray();
        return (kl(p, mean) + kl(q, mean)) / 2;
    }
}
