package dev.stratalens.engine.lens.kernel;

import dev.stratalens.engine.tensor.TorchTensor;
import java.util.List;

/**
 * Rows, and the numbers to compute for them. Arrays are not copied: read-only.
 *
 * @param rows before the unembedding, float32, [r, width]; at most {@link HeadKernel#rowLimit()}
 * @param best number of best tokens of each row, k
 * @param targetsPerRow number of targets of each row, m
 * @param targetIds the targets, [r * m]; -1 for none
 * @param expected number of first rows with an expectation
 * @param whole rows whose logits are all returned, for a check
 * @param rankings further orders of tokens
 */
public record HeadQuery(
        TorchTensor rows,
        int best,
        int targetsPerRow,
        int[] targetIds,
        int expected,
        int[] whole,
        List<Ranking> rankings) {

    /** Tokens beyond k to rescore, since low precision may have put them in the wrong order. */
    static final int MARGIN = 8;

    /** A query for tokens in the order of their logits alone. */
    public HeadQuery(TorchTensor rows, int best, int targetsPerRow, int[] targetIds, int expected, int[] whole) {
        this(rows, best, targetsPerRow, targetIds, expected, whole, List.of());
    }

    /** Number of best tokens of each row to rescore in low precision. */
    int rescored(int vocabularySize) {
        return Math.min(best + MARGIN, vocabularySize);
    }
}
