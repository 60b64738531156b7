package dev.stratalens.report.evaluation;

import dev.stratalens.client.request.Lens;
import dev.stratalens.client.request.LensTarget;
import dev.stratalens.client.result.LensResult;
import dev.stratalens.report.analysis.TargetGroup;
import java.util.List;

/**
 * What is read of a question: the ranks of words that should appear on the way to the answer. The rank of a word at a layer is its
 * best over the positions that were read, and over its spellings.
 */
public final class WordReadings {

    private WordReadings() {}

    /**
     * Adds a question.
     *
     * @param words words with their spellings, all of them targets of the result
     * @param passes for which k to count how often a word is among the k best tokens
     */
    public static void add(EvaluationUnit question, LensResult result, List<TargetGroup> words, List<Integer> passes) {
        question.count(result.tokens().size(), 0);
        for (Lens lens : result.lenses()) {
            LensResult view = result.through(lens);
            for (TargetGroup word : words) {
                List<LensTarget> spellings = spellings(view, word);
                int best = Integer.MAX_VALUE;
                for (int layer : view.layers()) {
                    int rank = rank(view, spellings, layer);
                    best = Math.min(best, rank);
                    add(question, lens, layer, rank, passes);
                }
                add(question, lens, EvaluationSeries.ANY_LAYER, best, passes);
            }
        }
    }

    /** Spellings that the vocabulary has; if there are none, the first one, whose first token counts. */
    private static List<LensTarget> spellings(LensResult view, TargetGroup word) {
        List<LensTarget> whole = word.members().stream()
                .filter(spelling -> view.targets()
                                .get(view.info().targetIndex(spelling))
                                .tokens()
                                .size()
                        <= 1)
                .toList();
        return whole.isEmpty() ? word.members().subList(0, 1) : whole;
    }

    private static int rank(LensResult view, List<LensTarget> spellings, int layer) {
        int best = Integer.MAX_VALUE;
        for (LensTarget spelling : spellings) {
            for (int position : view.positions()) {
                best = Math.min(best, view.rank(spelling, layer, position).orElse(best));
            }
        }
        return best;
    }

    private static void add(EvaluationUnit question, Lens lens, int layer, int rank, List<Integer> passes) {
        for (int k : passes) {
            question.add(new EvaluationSeries(lens, layer, EvaluationMeasure.passAt(k)), rank <= k ? 1 : 0, 1);
        }
        question.add(new EvaluationSeries(lens, layer, EvaluationMeasure.RANK), Math.log10(rank), 1);
    }
}
