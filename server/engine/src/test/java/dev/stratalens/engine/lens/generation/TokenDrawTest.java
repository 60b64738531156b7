package dev.stratalens.engine.lens.generation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class TokenDrawTest {

    private static final int ALL = Integer.MAX_VALUE;
    private static final int DRAWS = 2000;

    /** Probabilities 0.5, 0.25, 0.125, 0.125 at ids 2, 0, 1 and 3. */
    private static final float[] LOGITS = {ln(0.25), ln(0.125), ln(0.5), ln(0.125)};

    private static float ln(double probability) {
        return (float) Math.log(probability);
    }

    private static int[] counts(Sampling sampling) {
        var counts = new int[LOGITS.length];
        IntStream.range(0, DRAWS).forEach(index -> counts[new TokenDraw(sampling).draw(LOGITS, index)]++);
        return counts;
    }

    private static Set<Integer> drawn(Sampling sampling) {
        int[] counts = counts(sampling);
        return IntStream.range(0, counts.length)
                .filter(id -> counts[id] > 0)
                .boxed()
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void tokensComeAsOftenAsTheirProbabilitySays() {
        int[] counts = counts(new Sampling(1, ALL, 1, 5));
        for (int id = 0; id < counts.length; id++) {
            assertEquals(Math.exp(LOGITS[id]), counts[id] / (double) DRAWS, 0.04, "id " + id);
        }
    }

    @Test
    void aLowTemperatureTakesTheBestAndAHighOneLevels() {
        assertEquals(Set.of(2), drawn(new Sampling(0.01, ALL, 1, 5)));
        int[] level = counts(new Sampling(100, ALL, 1, 5));
        for (int count : level) {
            assertEquals(0.25, count / (double) DRAWS, 0.04);
        }
    }

    @Test
    void topKKeepsTheBestAndOfEqualOnesTheLowestId() {
        assertEquals(Set.of(2), drawn(new Sampling(1, 1, 1, 5)));
        assertEquals(Set.of(0, 1, 2), drawn(new Sampling(1, 3, 1, 5)));
        assertEquals(Set.of(0, 1, 2, 3), drawn(new Sampling(1, 4, 1, 5)));
    }

    @Test
    void topPKeepsTheFewestBestThatReachIt() {
        assertEquals(Set.of(2), drawn(new Sampling(1, ALL, 0.4, 5)));
        assertEquals(Set.of(0, 2), drawn(new Sampling(1, ALL, 0.7, 5)));
        assertEquals(Set.of(0, 1, 2), drawn(new Sampling(1, ALL, 0.8, 5)));
        // Of the best two, 0.5 and 0.25, the first has two thirds.
        assertEquals(Set.of(2), drawn(new Sampling(1, 2, 0.6, 5)));
    }

    @Test
    void theNumberOfATokenDependsOnSeedAndIndexAlone() {
        assertEquals(TokenDraw.number(1, 3), TokenDraw.number(1, 3));
        Set<Double> different = IntStream.range(0, 100)
                .boxed()
                .flatMap(i -> Stream.of(TokenDraw.number(1, i), TokenDraw.number(2, i)))
                .collect(Collectors.toSet());
        assertEquals(200, different.size());
        assertTrue(different.stream().allMatch(number -> number >= 0 && number < 1));
    }

    /** The first output of SplitMix64 for the seed 0, from its reference implementation. */
    @Test
    void theNumbersAreThoseOfSplitMix64() {
        assertEquals((0xE220A8397B1DCDAFL >>> 11) * 0x1.0p-53, TokenDraw.number(0, 0));
    }
}
