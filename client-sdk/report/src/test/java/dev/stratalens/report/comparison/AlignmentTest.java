package dev.stratalens.report.comparison;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.stratalens.client.result.LensResult;
import dev.stratalens.report.analysis.HandMadeRun;
import dev.stratalens.report.comparison.PositionAlignment.Rule;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AlignmentTest {

    @ParameterizedTest(name = "{0} and {1}: {2}")
    @CsvSource({
        // one token a letter
        "abcd, abcd, 0-0 1-1 2-2 3-3",
        "abcd, abxd, 0-0 1-1 2-2 3-3",
        "abcd, abxycd, 0-0 1-1 2-4 3-5",
        "abpcd, abxycd, 0-0 1-1 2-3 3-4 4-5",
        "abc, bc, 1-0 2-1",
        "ab, abc, 0-0 1-1",
        "abc, xyz, 0-0 1-1 2-2",
        "abc, z, 2-0",
        "axbyc, abc, 0-0 2-1 4-2"
    })
    void tokensOfTwoTextsMeetAlongTheirCommonOnes(String a, String b, String expected) {
        assertEquals(expected, written(CommonTokens.pairs(letters(a), letters(b))));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void swappedTextsHaveSwappedPairsInAscendingOrder(long seed) {
        Random random = new Random(seed);
        for (int round = 0; round < 200; round++) {
            List<String> a = words(random);
            List<String> b = words(random);
            List<PositionPair> pairs = CommonTokens.pairs(a, b);
            List<PositionPair> swapped = CommonTokens.pairs(b, a).stream()
                    .map(pair -> new PositionPair(pair.b(), pair.a()))
                    .toList();
            assertEquals(swapped, pairs);
            for (int i = 1; i < pairs.size(); i++) {
                assertEquals(
                        1, Integer.signum(pairs.get(i).a() - pairs.get(i - 1).a()));
                assertEquals(
                        1, Integer.signum(pairs.get(i).b() - pairs.get(i - 1).b()));
            }
        }
    }

    @Test
    void theSameTextOfOtherTokensMeetsWhereBytesEnd() {
        LensResult a = run(List.of("in", "ter", "é", "st"), 0, 1, 2, 3);
        LensResult b = run(List.of("i", "nter", "é", "s", "t"), 0, 1, 2, 3, 4);
        PositionAlignment alignment = PositionAlignment.of(a, b);
        assertEquals(Rule.SAME_BYTES, alignment.rule());
        assertEquals("1-1 2-2 3-4", written(alignment.pairs()));
        assertEquals(List.of(0), alignment.onlyInA());
        assertEquals(List.of(0, 3), alignment.onlyInB());
    }

    @Test
    void theSameTokensMeetOneToOneAndOtherTextsByWhatTheyShare() {
        List<String> words = List.of("the", " cat", " dog", " sat");
        LensResult cat = run(words, 0, 1, 3);
        assertEquals(Rule.SAME_TOKENS, PositionAlignment.of(cat, cat).rule());
        PositionAlignment other = PositionAlignment.of(cat, run(words, 0, 2, 3));
        assertEquals(Rule.COMMON_TOKENS, other.rule());
        assertEquals("0-0 1-1 2-2", written(other.pairs()));
    }

    @Test
    void whereEachRunWasAskedForOnePositionTheseMeet() {
        List<String> words = List.of("the", " cat");
        PositionAlignment alignment = PositionAlignment.of(run(words, 0), run(words, 1));
        assertEquals(Rule.ONLY_ONES, alignment.rule());
        assertEquals("0-0", written(alignment.pairs()));
    }

    @ParameterizedTest(name = "{0} and {1} blocks: {2}")
    @CsvSource({
        "3, 3, 0-0 1-1 2-2",
        "2, 4, 0-1 1-3",
        "4, 2, 1-0 3-1",
        "10, 12, 0-0 1-1 2-3 3-4 4-5 5-6 6-7 7-9 8-10 9-11"
    })
    void byDepthTheLastBlocksMeet(int a, int b, String expected) {
        assertEquals(
                expected,
                LayerAlignment.DEPTH.pairs(blocks(a), blocks(b)).stream()
                        .map(pair -> pair.a() + "-" + pair.b())
                        .collect(Collectors.joining(" ")));
    }

    @Test
    void layersMeetByNumberWhereModelsAreEquallyDeep() {
        assertEquals(LayerAlignment.LAYER, LayerAlignment.fitting(blocks(3), blocks(3)));
        assertEquals(LayerAlignment.DEPTH, LayerAlignment.fitting(blocks(3), blocks(4)));
        assertEquals(
                List.of(new LayerPair(0, 0), new LayerPair(1, 1)), LayerAlignment.LAYER.pairs(blocks(2), blocks(5)));
    }

    private static LensResult blocks(int count) {
        return HandMadeRun.of(HandMadeRun.letters(2), List.of(0), flat(count, 1, 2))
                .result();
    }

    private static LensResult run(List<String> vocabulary, Integer... prompt) {
        return HandMadeRun.of(vocabulary, List.of(prompt), flat(1, prompt.length, vocabulary.size()))
                .result();
    }

    private static double[][][] flat(int layers, int positions, int vocabulary) {
        double[][][] cells = new double[layers][positions][vocabulary];
        for (double[][] layer : cells) {
            for (double[] cell : layer) {
                java.util.Arrays.fill(cell, 1.0 / vocabulary);
            }
        }
        return cells;
    }

    private static List<String> letters(String text) {
        return text.chars().mapToObj(letter -> String.valueOf((char) letter)).toList();
    }

    private static List<String> words(Random random) {
        List<String> words = new ArrayList<>();
        for (int i = random.nextInt(9); i >= 0; i--) {
            words.add(String.valueOf((char) ('a' + random.nextInt(4))));
        }
        return words;
    }

    private static String written(List<PositionPair> pairs) {
        return pairs.stream().map(pair -> pair.a() + "-" + pair.b()).collect(Collectors.joining(" "));
    }
}
