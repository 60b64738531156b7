package dev.stratalens.client;

import dev.stratalens.client.internal.LayerColumns;
import dev.stratalens.client.internal.ResultColumns;
import dev.stratalens.client.internal.TrackedColumns;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * A result whose distributions are written down in a test: {@code probabilities[layer][position][id]}, the last layer being
 * the model's own output. Everything else follows from them by the definitions. The prompt's tokens are those with the ids
 * 0, 1, ..; logits are log-probabilities plus 3.
 *
 * @param words text of each id
 * @param layers layer numbers, ascending
 * @param probabilities each cell's distribution
 */
public record HandMadeResult(List<String> words, List<Integer> layers, double[][][] probabilities) {

    private static final float LOG_SUM_EXP = 3;

    /** The result with the k best tokens of each cell, all statistics, and trajectories of every token. */
    public LensResult with(int k, LensTarget... targets) {
        return result(k, Trajectories.Encoding.FLOAT32, List.of(targets));
    }

    /** The same without statistics and trajectories. */
    public LensResult bare(int k, LensTarget... targets) {
        return result(k, Trajectories.Encoding.NONE, List.of(targets));
    }

    private LensResult result(int k, Trajectories.Encoding encoding, List<LensTarget> targets) {
        boolean full = encoding != Trajectories.Encoding.NONE;
        List<Integer> positions =
                IntStream.range(0, probabilities[0].length).boxed().toList();
        List<TargetInfo> infos = targets.stream()
                .map(target -> new TargetInfo(target, tokens(target), ids(target, positions.size())))
                .toList();
        RunInfo info = new RunInfo(
                "",
                new ModelInfo("m", "llama", last() + 1, 8, words.size(), "float32", "float32", ""),
                new LensInfo(LensInfo.LOGIT, false, false),
                Optional.of("p"),
                positions.stream()
                        .map(position -> new PromptToken(token(position), OptionalInt.empty(), OptionalInt.empty()))
                        .toList(),
                layers,
                positions,
                k,
                infos,
                full ? Set.of(Statistic.values()) : Set.of(),
                encoding,
                positions.stream()
                        .map(position -> finalTop(position))
                        .map(id -> new Prediction(token(id), 0))
                        .toList());
        List<LayerColumns> columns = IntStream.range(0, layers.size())
                .mapToObj(index -> columns(index, k, info, full))
                .toList();
        Map<Integer, Token> vocabulary = new LinkedHashMap<>();
        IntStream.range(0, words.size()).forEach(id -> vocabulary.put(id, token(id)));
        return new LensResult(new ResultColumns(
                info,
                columns,
                full ? positions.stream().map(this::tracked).toList() : List.of(),
                vocabulary,
                new SelfCheck(0, true, List.of(0)),
                new Timings(0, 1, 2),
                new RunFacts(0, 0)));
    }

    private int last() {
        return layers.get(layers.size() - 1);
    }

    private Token token(int id) {
        return new Token(id, words.get(id), words.get(id));
    }

    /** A text that is no word of the vocabulary falls into its first word's token and another. */
    private List<Token> tokens(LensTarget target) {
        if (target instanceof LensTarget.TokenId id) {
            return List.of(token(id.id()));
        }
        if (target instanceof LensTarget.Text text) {
            int whole = words.indexOf(text.text());
            return whole >= 0 ? List.of(token(whole)) : List.of(token(0), token(1));
        }
        return List.of();
    }

    private List<OptionalInt> ids(LensTarget target, int count) {
        List<OptionalInt> ids = new ArrayList<>();
        for (int position = 0; position < count; position++) {
            if (target instanceof LensTarget.NextToken) {
                ids.add(position + 1 < count ? OptionalInt.of(position + 1) : OptionalInt.empty());
            } else if (target instanceof LensTarget.FinalTop) {
                ids.add(OptionalInt.of(finalTop(position)));
            } else {
                ids.add(OptionalInt.of(tokens(target).get(0).id()));
            }
        }
        return ids;
    }

    private int finalTop(int position) {
        return best(probabilities[probabilities.length - 1][position]).get(0);
    }

    /** Ids from the likeliest down; ties by lower id. */
    private List<Integer> best(double[] distribution) {
        return IntStream.range(0, distribution.length)
                .boxed()
                .sorted(Comparator.comparingDouble(id -> -distribution[id]))
                .toList();
    }

    private LayerColumns columns(int index, int k, RunInfo info, boolean full) {
        double[][] cells = probabilities[index];
        List<Integer> top = new ArrayList<>();
        List<Float> topLogProbs = new ArrayList<>();
        List<Integer> ranks = new ArrayList<>();
        List<Float> targetLogProbs = new ArrayList<>();
        for (int position = 0; position < cells.length; position++) {
            double[] cell = cells[position];
            top.addAll(best(cell).subList(0, k));
            best(cell).subList(0, k).forEach(id -> topLogProbs.add((float) Math.log(cell[id])));
            for (TargetInfo target : info.targets()) {
                OptionalInt id = target.ids().get(position);
                ranks.add(id.isEmpty() ? 0 : rank(cell, id.getAsInt()));
                targetLogProbs.add(id.isEmpty() ? Float.NaN : (float) Math.log(cell[id.getAsInt()]));
            }
        }
        float[] logSumExps = new float[cells.length];
        float[] entropies = new float[cells.length];
        float[] klFromFinals = new float[cells.length];
        float[] klFromNexts = new float[cells.length];
        for (int position = 0; position < cells.length; position++) {
            boolean isLast = index == layers.size() - 1;
            logSumExps[position] = LOG_SUM_EXP;
            entropies[position] = (float) -expectedLog(cells[position], cells[position]);
            klFromFinals[position] = kl(probabilities[probabilities.length - 1][position], cells[position]);
            klFromNexts[position] = isLast ? Float.NaN : kl(probabilities[index + 1][position], cells[position]);
        }
        return new LayerColumns(
                layers.get(index),
                top.stream().mapToInt(Integer::intValue).toArray(),
                floats(topLogProbs),
                logSumExps,
                full ? entropies : new float[0],
                full ? klFromFinals : new float[0],
                full ? klFromNexts : new float[0],
                ranks.stream().mapToInt(Integer::intValue).toArray(),
                floats(targetLogProbs));
    }

    private static int rank(double[] cell, int id) {
        return 1
                + (int) IntStream.range(0, cell.length)
                        .filter(other -> cell[other] > cell[id])
                        .count();
    }

    private static float kl(double[] from, double[] to) {
        return (float) (expectedLog(from, from) - expectedLog(from, to));
    }

    private static double expectedLog(double[] weights, double[] of) {
        return IntStream.range(0, of.length)
                .filter(id -> weights[id] > 0)
                .mapToDouble(id -> weights[id] * Math.log(of[id]))
                .sum();
    }

    private TrackedColumns tracked(int position) {
        int[] ids = IntStream.range(0, words.size()).toArray();
        List<Float> logProbs = new ArrayList<>();
        for (int id : ids) {
            for (double[][] layer : probabilities) {
                logProbs.add((float) Math.log(layer[position][id]));
            }
        }
        return new TrackedColumns(ids, floats(logProbs), new int[0]);
    }

    private static float[] floats(List<Float> values) {
        float[] floats = new float[values.size()];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = values.get(i);
        }
        return floats;
    }
}
