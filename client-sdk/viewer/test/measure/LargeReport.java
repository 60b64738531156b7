import dev.stratalens.client.request.Lens;
import dev.stratalens.client.request.LensTarget;
import dev.stratalens.client.model.ModelInfo;
import dev.stratalens.client.request.NumberForm;
import dev.stratalens.client.request.ReadPoint;
import dev.stratalens.client.internal.result.LensColumns;
import dev.stratalens.client.result.Prediction;
import dev.stratalens.client.result.PromptToken;
import dev.stratalens.client.result.ResultInfo;
import dev.stratalens.client.result.ResultSummary;
import dev.stratalens.client.result.SelfCheck;
import dev.stratalens.client.request.Statistic;
import dev.stratalens.client.result.TargetInfo;
import dev.stratalens.client.result.Token;
import dev.stratalens.client.internal.result.LayerColumns;
import dev.stratalens.client.internal.result.ResultColumns;
import dev.stratalens.client.internal.result.TrackedColumns;
import dev.stratalens.report.page.PageOrigin;
import dev.stratalens.report.page.ReportPage;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

/**
 * Writes a report of a made-up result of any size: {@code FILE TOKENS LAYERS}. Its proportions are those of a measured one (a
 * model of 70 billion parameters, 80 layers, k = 5): three quarters of the places keep their token from layer to layer, some
 * hundred tokens are tracked at a position, and most probabilities are tiny.
 */
final class LargeReport {

    private static final int K = 5;
    private static final int VOCABULARY = 128_256;

    private final Random random = new Random(4);
    private final int tokens;
    private final int layers;
    private final int[][] topIds;
    private final float[][] topLogProbs;
    private final List<TrackedColumns> tracked = new ArrayList<>();
    private final Map<Integer, Token> vocabulary = new TreeMap<>();

    private LargeReport(int tokens, int layers) {
        this.tokens = tokens;
        this.layers = layers;
        topIds = new int[layers][tokens * K];
        topLogProbs = new float[layers][tokens * K];
    }

    public static void main(String[] words) throws IOException {
        ResultColumns result = new LargeReport(Integer.parseInt(words[1]), Integer.parseInt(words[2])).result();
        try (BufferedWriter out = Files.newBufferedWriter(Path.of(words[0]))) {
            new ReportPage("A made-up prompt of " + words[1] + " tokens", "auto", List.of(result.view()), PageOrigin.today()).write(out);
        }
    }

    private ResultColumns result() {
        for (int position = 0; position < tokens; position++) {
            addPosition(position);
        }
        List<PromptToken> prompt = new ArrayList<>();
        List<Integer> positions = new ArrayList<>();
        List<OptionalInt> next = new ArrayList<>();
        List<Prediction> finals = new ArrayList<>();
        for (int position = 0; position < tokens; position++) {
            int id = topIds[layers - 1][position * K + 1];
            prompt.add(PromptToken.of(token(id), 6 * position, 6 * position + 6));
            positions.add(position);
            next.add(position + 1 < tokens ? OptionalInt.of(topIds[layers - 1][(position + 1) * K + 1]) : OptionalInt.empty());
            finals.add(Prediction.of(token(topIds[layers - 1][position * K]), topLogProbs[layers - 1][position * K]));
        }
        List<Integer> numbers = new ArrayList<>();
        List<LayerColumns> columns = new ArrayList<>();
        for (int layer = 0; layer < layers; layer++) {
            numbers.add(layer);
            columns.add(layer(layer));
        }
        ResultInfo info = ResultInfo.builder(ModelInfo.builder("made-up-70b", layers)
                        .architecture("llama")
                        .hiddenSize(8192)
                        .vocabularySize(VOCABULARY)
                        .storedType("bfloat16")
                        .computeType("bfloat16")
                        .build())
                .requestId("large")
                .approximate(true)
                .tokens(prompt)
                .readPoints(numbers.stream().map(ReadPoint::ofLayer).toList())
                .positions(positions)
                .k(K)
                .targets(List.of(TargetInfo.of(LensTarget.nextToken(), List.of(), next)))
                .statistics(Set.of(Statistic.LOG_SUM_EXP, Statistic.ENTROPY, Statistic.KL_FROM_FINAL))
                .numberForm(NumberForm.COMPACT)
                .hasTrajectories(true)
                .finalTops(finals)
                .build();
        return new ResultColumns(
                info,
                List.of(new LensColumns(Lens.logit(), columns, tracked)),
                vocabulary,
                ResultSummary.builder().selfCheck(SelfCheck.of(0, true, List.of(0))).build());
    }

    private void addPosition(int position) {
        int[] list = new int[K];
        Arrays.setAll(list, place -> fresh());
        Map<Integer, int[]> places = new TreeMap<>();
        double[] best = new double[layers];
        for (int layer = 0; layer < layers; layer++) {
            double depth = layer / (double) layers;
            best[layer] = Math.min(-0.02, -6.5 + 6 * depth * depth + 0.4 * random.nextGaussian());
            for (int place = 0; place < K; place++) {
                if (layer > 0 && random.nextDouble() < 0.25) {
                    list[place] = fresh();
                }
                topIds[layer][position * K + place] = list[place];
                places.computeIfAbsent(list[place], id -> absent())[layer] = place;
            }
        }
        int[] ids = places.keySet().stream().mapToInt(Integer::intValue).toArray();
        float[] logProbs = new float[ids.length * layers];
        for (int row = 0; row < ids.length; row++) {
            int[] ranked = places.get(ids[row]);
            for (int layer = 0; layer < layers; layer++) {
                double logProb = ranked[layer] >= 0
                        ? best[layer] - 0.6 * ranked[layer] - 0.2 * random.nextDouble()
                        : best[layer] - 3.5 - 0.1 * distance(ranked, layer) - random.nextDouble();
                logProbs[row * layers + layer] = stepped(logProb, 256);
                if (ranked[layer] >= 0) {
                    topLogProbs[layer][position * K + ranked[layer]] = stepped(logProb, 1024);
                }
            }
        }
        tracked.add(new TrackedColumns(ids, logProbs));
    }

    private int[] absent() {
        int[] places = new int[layers];
        Arrays.fill(places, -1);
        return places;
    }

    private static int distance(int[] places, int layer) {
        int distance = 0;
        while ((layer < distance || places[layer - distance] < 0)
                && (layer + distance >= places.length || places[layer + distance] < 0)) {
            distance++;
        }
        return distance;
    }

    private LayerColumns layer(int layer) {
        int[] ranks = new int[tokens];
        Arrays.setAll(ranks, i -> 1 + (int) Math.exp(11 * random.nextDouble() * (1 - layer / (double) layers)));
        ranks[tokens - 1] = 0;
        float[] targets = floats(0, 15);
        for (int i = 0; i < tokens; i++) {
            targets[i] = -targets[i];
        }
        targets[tokens - 1] = Float.NaN;
        return new LayerColumns(
                ReadPoint.ofLayer(layer),
                topIds[layer],
                topLogProbs[layer],
                ranks,
                targets,
                Map.of(
                        Statistic.LOG_SUM_EXP,
                        floats(10, 25),
                        Statistic.ENTROPY,
                        floats(0, 11),
                        Statistic.KL_FROM_FINAL,
                        floats(0, 12)));
    }

    private float[] floats(double from, double to) {
        float[] values = new float[tokens];
        for (int i = 0; i < tokens; i++) {
            values[i] = -stepped(-(from + (to - from) * random.nextDouble()), 1024);
        }
        return values;
    }

    /** As a number of 0 or less comes from the compact form. */
    private static float stepped(double value, int steps) {
        return (float) -(Math.exp(Math.round(steps * Math.log(1 - value)) / (double) steps) - 1);
    }

    /** Frequent words have low ids, as in real vocabularies. */
    private int fresh() {
        int id = (int) (VOCABULARY * Math.pow(random.nextDouble(), 3));
        token(id);
        return id;
    }

    private Token token(int id) {
        return vocabulary.computeIfAbsent(id, known -> {
            String word = Integer.toString(known, 36).replaceAll("\\d", "e");
            return Token.of(known, "\u0120" + word, " " + word);
        });
    }
}
