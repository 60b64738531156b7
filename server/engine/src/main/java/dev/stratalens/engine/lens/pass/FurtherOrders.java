package dev.stratalens.engine.lens.pass;

import dev.stratalens.engine.lens.kernel.Ranking;
import dev.stratalens.engine.lens.plan.PlannedCandidates;
import dev.stratalens.engine.lens.request.CandidateRule;
import java.util.ArrayList;
import java.util.List;

/**
 * The orders of tokens, other than by logit, in which the cells of a block have predictions.
 *
 * @param candidates one for each order
 * @param rankings the same, for the head
 */
record FurtherOrders(List<PlannedCandidates> candidates, List<Ranking> rankings) {

    /** The orders that some cells need. */
    static FurtherOrders of(List<Cell> cells, int vocabularySize) {
        List<PlannedCandidates> needed = cells.stream()
                .map(cell -> cell.result().plan().candidates())
                .filter(candidates -> candidates.rule() instanceof CandidateRule.Words
                        || candidates.rule() instanceof CandidateRule.LeastLikely)
                .distinct()
                .toList();
        var rankings = new ArrayList<Ranking>();
        for (PlannedCandidates candidates : needed) {
            int count = cells.stream()
                    .filter(cell -> cell.result().plan().candidates().equals(candidates))
                    .mapToInt(cell -> cell.result().plan().topK())
                    .max()
                    .orElseThrow();
            rankings.add(
                    candidates.rule() instanceof CandidateRule.Words
                            ? Ranking.within(candidates.words(), count, vocabularySize)
                            : Ranking.fromTheEnd(count, vocabularySize));
        }
        return new FurtherOrders(needed, rankings);
    }

    /** Index of the order of a cell; negative if its predictions are in the order of logits. */
    int of(Cell cell) {
        return candidates.indexOf(cell.result().plan().candidates());
    }
}
