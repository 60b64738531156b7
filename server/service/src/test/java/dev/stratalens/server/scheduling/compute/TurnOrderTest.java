package dev.stratalens.server.scheduling.compute;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What waits is a word: its owner and a number, such as "a3". */
final class TurnOrderTest {

    private static final int MOST_WEIGHT = 7;

    private final Map<String, Integer> weights = new HashMap<>();
    private final Line.ByTurns<String, String> line =
            new Line.ByTurns<>(word -> word.substring(0, 1), word -> weight(ownerOf(word)), Line.FirstCome::new);
    private int number;

    @Test
    void equalsTakeTurns() {
        add("a", 3);
        add("b", 2);

        assertEquals("ababa", owners(line.inOrder()));
    }

    @Test
    void whoComesWaitsForOneTurnOfEachOtherAtMost() {
        weights.put("a", 100);
        add("a", 300);
        take(50);
        add("b", 1);
        add("c", 1);

        assertTrue(owners(line.inOrder()).startsWith("bca"), owners(line.inOrder()));
    }

    @Test
    void turnsFollowTheWeights() {
        weights.put("a", 3);
        add("a", 8);
        add("b", 2);

        assertEquals("abaaabaaaa", owners(line.inOrder()));
    }

    @Test
    void whatOneAsksForIsServedAsItCame() {
        line.add("a2");
        line.add("b1");
        line.add("a1");

        assertEquals(List.of("a2", "b1", "a1"), line.inOrder());
    }

    @Test
    void anIdleOwnerSavesUpNoTurns() {
        add("a", 1000);
        take(500);
        add("b", 100);

        assertEquals("ba".repeat(100), owners(line.inOrder()).substring(0, 200));
    }

    @Test
    void anOwnerWhoCannotTakeItsTurnsSavesUpOneAtMost() {
        add("a", 1000);
        add("b", 100);
        for (int i = 0; i < 500; i++) {
            line.take(line.inOrder().stream()
                    .filter(word -> word.startsWith("a"))
                    .findFirst()
                    .orElseThrow());
        }

        assertEquals("bbab", owners(line.inOrder()).substring(0, 4));
    }

    @Test
    void whoLeavesAndComesBackGainsNothing() {
        add("a", 100);
        add("b", 1);
        StringBuilder served = new StringBuilder();
        for (int i = 0; i < 20; i++) {
            String next = take(1);
            served.append(next);
            if (next.equals("b")) {
                add("b", 1);
            }
        }

        assertEquals("ab".repeat(10), served.toString());
    }

    @Test
    void whatLeavesWithoutItsTurnCostsNone() {
        add("a", 3);
        add("b", 3);
        line.inOrder().stream().filter(word -> word.startsWith("a")).toList().forEach(line::remove);
        add("a", 2);

        assertEquals("babab", owners(line.inOrder()));
    }

    @Test
    void nobodyStarvesBehindThoseWhoNeverCameBeforeAndTheyAreForgotten() {
        TurnOrder<Integer> turns = new TurnOrder<>();
        turns.waits(-1, 1);
        turns.takesTurn(-1, List.of(-1));
        int waited = 0;
        for (int owner = 0; owner < 10_000; owner++) {
            List<Integer> waiting = List.of(-1, owner, owner + 1);
            waiting.forEach(one -> turns.waits(one, 1));
            turns.onlyWait(waiting);
            Map<Integer, List<Integer>> all = new HashMap<>();
            waiting.forEach(one -> all.put(one, List.of(one)));
            int next = turns.order(all).get(0);
            turns.takesTurn(next, waiting);
            waited = next == -1 ? 0 : waited + 1;
            assertTrue(waited <= 2 * waiting.size(), "passed over " + waited + " times");
            assertTrue(turns.size() <= 5 * waiting.size(), "remembered: " + turns.size());
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void sharesFollowTheWeightsWithinOneTurnHoweverManyThereAre(long seed) {
        Random random = new Random(seed);
        int owners = 2 + random.nextInt(10);
        for (int i = 0; i < owners; i++) {
            weights.put(name(i), 1 + random.nextInt(MOST_WEIGHT));
            add(name(i), 100);
        }
        Map<String, Integer> served = new HashMap<>();
        for (int turn = 0; turn < 100; turn++) {
            served.merge(take(1), 1, Integer::sum);
            for (String one : weights.keySet()) {
                for (String other : weights.keySet()) {
                    // In turns of its own, one is no more than one ahead of any other.
                    double ahead = served.getOrDefault(one, 0)
                            - served.getOrDefault(other, 0) * (double) weight(one) / weight(other);
                    assertTrue(ahead <= 1.001, one + " is ahead of " + other + " by " + ahead);
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void nobodyStarvesAndTheOrderIsKeptWhoeverComesAndGoes(long seed) {
        Random random = new Random(seed);
        int owners = 2 + random.nextInt(8);
        int most = 0;
        weights.put("z", 1);
        add("z", 50);
        for (int i = 0; i < owners; i++) {
            weights.put(name(i), 1 + random.nextInt(MOST_WEIGHT));
            most += weight(name(i)) + 2;
        }
        int waited = 0;
        for (int step = 0; step < 500; step++) {
            if (random.nextInt(3) == 0) {
                add(name(random.nextInt(owners)), 1 + random.nextInt(5));
            }
            if (random.nextInt(10) == 0) {
                List<String> all = line.inOrder();
                String leaving = all.get(random.nextInt(all.size()));
                if (!leaving.startsWith("z")) {
                    line.remove(leaving);
                }
            }
            List<String> before = List.copyOf(line.inOrder());
            String next = take(1);
            assertEquals(before.subList(1, before.size()), line.inOrder(), "the rest stays as it was");
            assertEquals(line.inOrder().size(), new TreeSet<>(line.inOrder()).size(), "each once");
            waited = next.equals("z") ? 0 : waited + 1;
            assertTrue(waited <= most, "one who waits was passed over " + waited + " times");
            if (next.equals("z")) {
                add("z", 1);
            }
        }
    }

    private static String name(int owner) {
        return String.valueOf((char) ('a' + owner));
    }

    private int weight(String owner) {
        return weights.getOrDefault(owner, 1);
    }

    private void add(String owner, int count) {
        for (int i = 0; i < count; i++) {
            line.add(owner + number++);
        }
    }

    /** Serves so many; gives the owners. */
    private String take(int count) {
        List<String> served = new ArrayList<>(line.inOrder().subList(0, count));
        served.forEach(line::take);
        return owners(served);
    }

    private static String ownerOf(String word) {
        return word.substring(0, 1);
    }

    private static String owners(List<String> words) {
        return String.join("", words.stream().map(TurnOrderTest::ownerOf).toList());
    }
}
