package dev.stratalens.report.evaluation;

import dev.stratalens.client.request.Lens;
import dev.stratalens.client.request.LensRequest;
import dev.stratalens.client.request.Statistic;
import dev.stratalens.client.result.LayerResult;
import dev.stratalens.client.result.LensResult;
import java.util.OptionalDouble;

/**
 * What is read of a part of a document: cross-entropy of the text's next token, KL from the model's output, entropy, and agreement with the
 * model's own best token, at every layer of every lens.
 */
public final class CorpusReadings {

    private static final double BIT = Math.log(2);

    private CorpusReadings() {}

    /** Asks for what {@link #add} reads, as float32. */
    public static LensRequest.Builder asked(LensRequest.Builder request) {
        return request.topK(1)
                .statistics(Statistic.CROSS_ENTROPY, Statistic.ENTROPY, Statistic.KL_FROM_FINAL)
                .exact();
    }

    /**
     * Adds a part of a document.
     *
     * @param byteEnds number of bytes of the document up to the end of each token of the prompt, [n]; those of the prompt's first
     *     token are not counted as predicted
     * @param bytesBefore number of bytes of the document before the prompt's first token
     */
    public static void add(EvaluationUnit document, LensResult result, int[] byteEnds, int bytesBefore) {
        int tokens = 0;
        int bytes = 0;
        for (int position : result.positions()) {
            tokens++;
            bytes += byteEnds[position] - (position == 0 ? bytesBefore : byteEnds[position - 1]);
        }
        document.count(tokens, bytes);
        for (Lens lens : result.lenses()) {
            LensResult view = result.through(lens);
            for (int layer : view.layers()) {
                add(document, view, view.layer(layer), byteEnds, bytes);
            }
        }
    }

    private static void add(EvaluationUnit document, LensResult result, LayerResult cells, int[] byteEnds, int bytes) {
        double crossEntropy = 0;
        int predicted = 0;
        int predictedBytes = 0;
        double divergence = 0;
        double entropy = 0;
        int agreeing = 0;
        for (int position : result.positions()) {
            OptionalDouble next = cells.statistic(Statistic.CROSS_ENTROPY, position);
            if (next.isPresent()) {
                crossEntropy += next.getAsDouble();
                predicted++;
                predictedBytes += byteEnds[position + 1] - byteEnds[position];
            }
            divergence += cells.klFromFinal(position).orElseThrow();
            entropy += cells.entropy(position).orElseThrow();
            boolean agrees = cells.top(position).token().id()
                    == result.finalTop(position).token().id();
            agreeing += agrees ? 1 : 0;
        }
        int tokens = result.positions().size();
        Totals totals = new Totals(document, cells.lens(), cells.layer());
        totals.add(EvaluationMeasure.CROSS_ENTROPY, crossEntropy, predicted);
        totals.add(EvaluationMeasure.CROSS_ENTROPY_BITS, crossEntropy / BIT, predictedBytes);
        totals.add(EvaluationMeasure.KL, divergence, tokens);
        totals.add(EvaluationMeasure.KL_BITS, divergence / BIT, bytes);
        totals.add(EvaluationMeasure.ENTROPY, entropy, tokens);
        totals.add(EvaluationMeasure.ENTROPY_BITS, entropy / BIT, bytes);
        totals.add(EvaluationMeasure.AGREEMENT, agreeing, tokens);
    }

    private record Totals(EvaluationUnit document, Lens lens, int layer) {

        void add(EvaluationMeasure measure, double value, double weight) {
            document.add(new EvaluationSeries(lens, layer, measure), value, weight);
        }
    }
}
