package dev.stratalens.engine.lens.plan;

import dev.stratalens.engine.lens.request.CandidateRule;
import dev.stratalens.engine.text.TokenSet;

/**
 * Which tokens are the predictions of a cell.
 *
 * @param rule the rule
 * @param words the words of the vocabulary, for the rule that needs them; else none
 */
public record PlannedCandidates(CandidateRule rule, TokenSet words) {

    /** The most likely tokens. */
    public static final PlannedCandidates MOST_LIKELY =
            new PlannedCandidates(new CandidateRule.MostLikely(), TokenSet.NONE);
}
