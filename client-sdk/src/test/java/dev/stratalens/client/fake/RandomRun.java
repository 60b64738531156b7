package dev.stratalens.client.fake;

import dev.stratalens.client.IndexRange;
import dev.stratalens.client.LensRequest;
import dev.stratalens.client.LensTarget;
import dev.stratalens.client.Prompt;
import dev.stratalens.client.Statistic;
import dev.stratalens.client.internal.LayerColumns;
import dev.stratalens.client.internal.TrackedColumns;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.IntStream;

/** Makes up the numbers of a small run for a request: consistent where the contract ties them, random elsewhere. */
final class RandomRun {

    static final int BLOCKS = 4;
    static final int VOCABULARY = 120;
    private static final int PROMPT_TOKENS = 6;
    /** Tokens that compete at a position, so that lists overlap between layers. */
    private static final int POOL = 12;

    private final Random random;
    private final LensRequest request;
    private final List<Integer> promptIds;
    private final List<Integer> layers;
    private final List<Integer> positions;
    private final List<List<Integer>> targetTokenIds;

    private RandomRun(long seed, LensRequest request) {
        this.random = new Random(seed);
        this.request = request;
        promptIds = request.prompt() instanceof Prompt.TokenIds prompt ? prompt.ids() : ids(PROMPT_TOKENS);
        layers = new ArrayList<>(resolve(request.layers(), BLOCKS));
        if (request.includeEmbedding()) {
            layers.add(0, -1);
        }
        positions = resolve(request.positions(), promptIds.size());
        targetTokenIds = request.targets().stream().map(this::tokenIds).toList();
    }

    static FakeValues of(long seed, LensRequest request) {
        return new RandomRun(seed, request).values();
    }

    private FakeValues values() {
        List<List<Integer>> pools =
                positions.stream().map(position -> ids(POOL)).toList();
        int[] finalTopIds = pools.stream().mapToInt(pool -> pool.get(0)).toArray();
        int[] targetIds = targetIds(finalTopIds);
        List<LayerColumns> cells = new ArrayList<>();
        for (int layer : layers) {
            cells.add(layer(layer, pools, targetIds));
        }
        List<TrackedColumns> tracked = new ArrayList<>();
        for (int i = 0; i < positions.size(); i++) {
            tracked.add(tracked(cells, i));
        }
        return new FakeValues(
                promptIds,
                layers,
                positions,
                cells,
                tracked,
                finalTopIds,
                logProbs(positions.size()),
                targetTokenIds,
                targetIds);
    }

    private static List<Integer> resolve(List<IndexRange> ranges, int count) {
        TreeSet<Integer> indexes = new TreeSet<>();
        for (IndexRange range : ranges.isEmpty() ? List.of(IndexRange.all()) : ranges) {
            int last = range.last().orElse(count - 1);
            for (int index = range.first(); index <= last; index += range.stride()) {
                indexes.add(index);
            }
            indexes.add(last);
        }
        return List.copyOf(indexes);
    }

    private List<Integer> tokenIds(LensTarget target) {
        if (target instanceof LensTarget.TokenId token) {
            return List.of(token.id());
        }
        return target instanceof LensTarget.Text ? ids(2) : List.of();
    }

    private int[] targetIds(int[] finalTopIds) {
        int count = request.targets().size();
        int[] targetIds = new int[positions.size() * count];
        for (int i = 0; i < targetIds.length; i++) {
            LensTarget target = request.targets().get(i % count);
            if (target instanceof LensTarget.NextToken) {
                int next = positions.get(i / count) + 1;
                targetIds[i] = next < promptIds.size() ? promptIds.get(next) : 0;
            } else if (target instanceof LensTarget.FinalTop) {
                targetIds[i] = finalTopIds[i / count];
            } else {
                targetIds[i] = targetTokenIds.get(i % count).get(0);
            }
        }
        return targetIds;
    }

    private LayerColumns layer(int layer, List<List<Integer>> pools, int[] targetIds) {
        int k = request.topK();
        int p = positions.size();
        int[] topIds = new int[p * k];
        float[] topLogProbs = new float[p * k];
        for (int i = 0; i < p; i++) {
            List<Integer> best = new ArrayList<>(pools.get(i));
            Collections.shuffle(best, random);
            if (layer == BLOCKS - 1 && !request.skipFinalNorm()) {
                Collections.swap(best, 0, best.indexOf(pools.get(i).get(0)));
            }
            float[] descending = logProbs(k);
            Arrays.sort(descending);
            for (int rank = 0; rank < k; rank++) {
                topIds[i * k + rank] = best.get(rank);
                topLogProbs[i * k + rank] = descending[k - 1 - rank];
            }
        }
        int[] ranks = new int[targetIds.length];
        float[] targetLogProbs = logProbs(targetIds.length);
        for (int i = 0; i < ranks.length; i++) {
            LensTarget target = request.targets().get(i % request.targets().size());
            int position = positions.get(i / request.targets().size());
            boolean exists = !(target instanceof LensTarget.NextToken) || position + 1 < promptIds.size();
            ranks[i] = exists ? 1 + random.nextInt(VOCABULARY) : 0;
            targetLogProbs[i] = exists ? targetLogProbs[i] : Float.NaN;
        }
        float[] klFromNexts = statistic(Statistic.KL_FROM_NEXT);
        if (layer == layers.get(layers.size() - 1)) {
            Arrays.fill(klFromNexts, Float.NaN);
        }
        return new LayerColumns(
                layer,
                topIds,
                topLogProbs,
                positives(p),
                statistic(Statistic.ENTROPY),
                statistic(Statistic.KL_FROM_FINAL),
                klFromNexts,
                ranks,
                targetLogProbs);
    }

    private TrackedColumns tracked(List<LayerColumns> cells, int position) {
        int k = request.topK();
        IntStream tops = cells.stream()
                .filter(layer -> layer.layer() >= 0)
                .flatMapToInt(layer -> Arrays.stream(layer.topIds(), position * k, position * k + k));
        IntStream named = targetTokenIds.stream().filter(ids -> !ids.isEmpty()).mapToInt(ids -> ids.get(0));
        int[] union = IntStream.concat(tops, named).sorted().distinct().toArray();
        return new TrackedColumns(union, logProbs(union.length * layers.size()), new int[0]);
    }

    private float[] statistic(Statistic statistic) {
        return positives(request.statistics().contains(statistic) ? positions.size() : 0);
    }

    /** Distinct ids. */
    private List<Integer> ids(int count) {
        return random.ints(0, VOCABULARY).distinct().limit(count).boxed().toList();
    }

    private float[] positives(int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = 12 * random.nextFloat();
        }
        return values;
    }

    private float[] logProbs(int count) {
        float[] values = positives(count);
        for (int i = 0; i < count; i++) {
            values[i] = -values[i];
        }
        return values;
    }
}
