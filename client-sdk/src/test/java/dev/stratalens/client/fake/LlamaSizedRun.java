package dev.stratalens.client.fake;

import com.google.protobuf.ByteString;
import dev.stratalens.client.LensRequest;
import dev.stratalens.client.internal.LayerColumns;
import dev.stratalens.client.internal.TrackedColumns;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * A made-up run with the proportions of a measured one (a 70 billion parameter model, 80 layers, 14 tokens, k = 5): two
 * thirds of the slots carry over from layer to layer, 1,410 tokens are tracked, 371 of them reach 0.01 somewhere, and most
 * probabilities are tiny. Made for counting bytes.
 */
public final class LlamaSizedRun {

    /** Tokens tracked over all positions. */
    public static final int TRACKED_ROWS = 1410;
    /** Of them, those that reach 0.01 at some layer. */
    public static final int PEAKING_ROWS = 371;

    private static final int LAYERS = 80;
    private static final int POSITIONS = 14;
    private static final int K = 5;
    private static final int VOCABULARY = 128_256;
    private static final double PEAK = 0.01;

    private final Random random = new Random(20);
    private final List<Integer> usedIds = new ArrayList<>();

    private LlamaSizedRun() {}

    /** The run for a request of one {@code NEXT_TOKEN} target, entropy and KL from the final layer. */
    public static FakeRun of(LensRequest request) {
        FakeValues values = new LlamaSizedRun().values();
        FakeEvents.ChunkSizes contract = new FakeEvents.ChunkSizes(16_384 / (K + 1), 65_536 / LAYERS);
        return new FakeRun(
                values,
                new FakeEvents(
                                request,
                                values,
                                FakeRun.MODEL.toBuilder()
                                        .setName("Llama-3.1-70B")
                                        .setBlockCount(LAYERS)
                                        .setVocabularySize(VOCABULARY)
                                        .build(),
                                LlamaSizedRun::word,
                                contract)
                        .all());
    }

    private FakeValues values() {
        List<int[][]> lists = new ArrayList<>();
        List<Map<Integer, double[]>> curves = new ArrayList<>();
        for (int position = 0; position < POSITIONS; position++) {
            int union = TRACKED_ROWS / POSITIONS + (position < TRACKED_ROWS % POSITIONS ? 1 : 0);
            int[][] topIds = lists(union);
            lists.add(topIds);
            curves.add(curves(topIds));
        }
        scaleToPeaks(curves);
        List<Integer> promptIds = IntStream.range(0, POSITIONS)
                .map(position -> lists.get(position)[0][0])
                .boxed()
                .toList();
        List<LayerColumns> cells = IntStream.range(0, LAYERS)
                .mapToObj(layer -> layer(layer, lists, curves))
                .toList();
        return new FakeValues(
                promptIds,
                IntStream.range(0, LAYERS).boxed().toList(),
                IntStream.range(0, POSITIONS).boxed().toList(),
                cells,
                curves.stream().map(LlamaSizedRun::tracked).toList(),
                IntStream.range(0, POSITIONS)
                        .map(position -> cells.get(LAYERS - 1).topIds()[position * K])
                        .toArray(),
                floats(POSITIONS, -5, 0),
                List.of(List.of()),
                IntStream.range(0, POSITIONS)
                        .map(position -> position + 1 < POSITIONS ? promptIds.get(position + 1) : 0)
                        .toArray());
    }

    /** The best k ids of every layer, {@code union} different ones in all. */
    private int[][] lists(int union) {
        Set<Integer> seen = new LinkedHashSet<>();
        List<Integer> current = new ArrayList<>();
        for (int rank = 0; rank < K; rank++) {
            current.add(fresh(seen));
        }
        int[] freshAt = new int[LAYERS];
        for (int left = union - K; left > 0; ) {
            int layer = 1 + random.nextInt(LAYERS - 1);
            if (freshAt[layer] < K) {
                freshAt[layer]++;
                left--;
            }
        }
        int[][] lists = new int[LAYERS][];
        for (int layer = 0; layer < LAYERS; layer++) {
            List<Integer> incoming = new ArrayList<>();
            for (int i = 0; i < freshAt[layer]; i++) {
                incoming.add(fresh(seen));
            }
            if (layer > 0 && incoming.size() < K && random.nextBoolean()) {
                List<Integer> earlier = new ArrayList<>(seen);
                earlier.removeAll(current);
                earlier.removeAll(incoming);
                if (!earlier.isEmpty()) {
                    incoming.add(earlier.get(random.nextInt(earlier.size())));
                }
            }
            for (int i = 0; i < incoming.size(); i++) {
                current.remove(random.nextInt(current.size()));
            }
            incoming.forEach(id -> current.add(random.nextInt(current.size() + 1), id));
            lists[layer] = current.stream().mapToInt(Integer::intValue).toArray();
        }
        return lists;
    }

    /** An id that is new at this position; one in five is known from another position. */
    private int fresh(Set<Integer> seen) {
        int id;
        do {
            id = !usedIds.isEmpty() && random.nextInt(5) == 0
                    ? usedIds.get(random.nextInt(usedIds.size()))
                    : random.nextInt(VOCABULARY);
        } while (!seen.add(id));
        usedIds.add(id);
        return id;
    }

    /** Probabilities by id: as ranked inside the lists, and falling with the distance from them outside. */
    private Map<Integer, double[]> curves(int[][] lists) {
        double[][] ranked = new double[LAYERS][K];
        for (int layer = 0; layer < LAYERS; layer++) {
            double depth = layer / (double) LAYERS;
            double p = Math.min(0.9, Math.exp(-6.5 + 5 * Math.pow(depth, 2) + 0.5 * random.nextGaussian()));
            for (int rank = 0; rank < K; rank++) {
                ranked[layer][rank] = p;
                p *= 0.45 + 0.45 * random.nextDouble();
            }
        }
        Map<Integer, double[]> curves = new HashMap<>();
        for (int id : new HashSet<>(
                Arrays.stream(lists).flatMapToInt(Arrays::stream).boxed().toList())) {
            int[] ranks = Arrays.stream(lists).mapToInt(list -> rank(list, id)).toArray();
            double[] curve = new double[LAYERS];
            for (int layer = 0; layer < LAYERS; layer++) {
                curve[layer] = ranks[layer] >= 0
                        ? ranked[layer][ranks[layer]]
                        : ranked[layer][K - 1] * Math.exp(-0.10 * distance(ranks, layer) - 1.0 * random.nextDouble());
            }
            curves.put(id, curve);
        }
        return curves;
    }

    private static int rank(int[] list, int id) {
        for (int rank = 0; rank < K; rank++) {
            if (list[rank] == id) {
                return rank;
            }
        }
        return -1;
    }

    /** To the nearest layer where the token is ranked. */
    private static int distance(int[] ranks, int layer) {
        int distance = 0;
        while ((layer < distance || ranks[layer - distance] < 0)
                && (layer + distance >= LAYERS || ranks[layer + distance] < 0)) {
            distance++;
        }
        return distance;
    }

    /** Scales all probabilities so that exactly the measured number of curves reaches the peak. */
    private static void scaleToPeaks(List<Map<Integer, double[]>> curves) {
        List<Double> peaks = new ArrayList<>();
        for (Map<Integer, double[]> position : curves) {
            position.values()
                    .forEach(curve -> peaks.add(Arrays.stream(curve).max().orElseThrow()));
        }
        peaks.sort(Collections.reverseOrder());
        double scale = PEAK / Math.sqrt(peaks.get(PEAKING_ROWS - 1) * peaks.get(PEAKING_ROWS));
        for (Map<Integer, double[]> position : curves) {
            position.values().forEach(curve -> Arrays.setAll(curve, layer -> Math.min(0.98, scale * curve[layer])));
        }
    }

    private LayerColumns layer(int layer, List<int[][]> lists, List<Map<Integer, double[]>> curves) {
        int[] topIds = new int[POSITIONS * K];
        float[] topLogProbs = new float[POSITIONS * K];
        for (int i = 0; i < topIds.length; i++) {
            int id = lists.get(i / K)[layer][i % K];
            topIds[i] = id;
            topLogProbs[i] = (float) Math.log(column(curves.get(i / K), id)[layer]);
        }
        int[] ranks = random.ints(POSITIONS, 1, VOCABULARY).toArray();
        ranks[POSITIONS - 1] = 0;
        return new LayerColumns(
                layer,
                topIds,
                topLogProbs,
                floats(POSITIONS, 5, 30),
                floats(POSITIONS, 0, 11),
                floats(POSITIONS, 0, 11),
                new float[0],
                ranks,
                floats(POSITIONS, -20, 0));
    }

    private static TrackedColumns tracked(Map<Integer, double[]> curves) {
        int[] ids =
                curves.keySet().stream().mapToInt(Integer::intValue).sorted().toArray();
        float[] logProbs = new float[ids.length * LAYERS];
        for (int i = 0; i < logProbs.length; i++) {
            logProbs[i] = (float) Math.log(column(curves, ids[i / LAYERS])[i % LAYERS]);
        }
        return new TrackedColumns(ids, logProbs, new int[0]);
    }

    private static double[] column(Map<Integer, double[]> curves, int id) {
        return curves.getOrDefault(id, new double[0]);
    }

    private float[] floats(int count, double from, double to) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) (from + (to - from) * random.nextDouble());
        }
        return values;
    }

    /** Six bytes on average, as the vocabulary's words. */
    private static ByteString word(int id) {
        return ByteString.copyFrom(" abcdefghi".substring(0, 3 + id % 7), StandardCharsets.UTF_8);
    }
}
