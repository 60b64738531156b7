package dev.stratalens.engine.lens.pass;

import dev.stratalens.engine.architecture.Architecture;
import dev.stratalens.engine.architecture.Extents;
import dev.stratalens.engine.checkpoint.DataType;
import dev.stratalens.engine.lens.kernel.HeadKernel;
import dev.stratalens.engine.lens.plan.LensPlan;
import dev.stratalens.engine.model.Decoder;

/** Computes the memory of a request in addition to the weights from sizes alone, before anything is allocated. */
public final class MemoryNeed {

    private static final int FLOAT_BYTES = 4;

    /** Rows of the residual stream's width in a block at a time: input, norm, query, key, value, output, sum. */
    private static final int BLOCK_ROWS = 10;

    /** Inner rows of the feed-forward at a time: gate, up, product. */
    private static final int INNER_ROWS = 3;

    /** Buffers of scores: scores, capped or biased scores, probabilities, and one for a step between them. */
    private static final int SCORE_BUFFERS = 4;

    private final Architecture architecture;
    private final DataType computeType;
    private final HeadKernel kernel;

    public MemoryNeed(Architecture architecture, DataType computeType, HeadKernel kernel) {
        this.architecture = architecture;
        this.computeType = computeType;
        this.kernel = kernel;
    }

    public long bytes(LensPlan plan) {
        Extents extents = architecture.extents();
        long tokens = plan.tokenIds().length;
        long positions = plan.positions().length;
        long readPoints = plan.readPoints().size();
        long hidden = extents.hidden();
        long residuals = (readPoints + 1) * positions * hidden * computeType.byteSize();
        long attention = (long) extents.heads() * extents.headSize();
        long block =
                tokens * (BLOCK_ROWS * Math.max(hidden, attention) + INNER_ROWS * (long) extents.inner()) * FLOAT_BYTES;
        block += scores(tokens);
        long expectations = (positions + kernel.rowLimit()) * hidden * FLOAT_BYTES;
        long perCell = 8L * plan.topK()
                + 8L * plan.targets().size()
                + (1L + plan.statistics().size()) * FLOAT_BYTES;
        return residuals
                + Math.max(block, expectations + kernel.workBytes())
                + (plan.cellCount() + positions) * perCell;
    }

    /** Attention scores at a time if attention is not fused. */
    private long scores(long tokens) {
        long scores = architecture.extents().heads() * tokens * tokens;
        return architecture.attention().fusible()
                ? 0
                : SCORE_BUFFERS * Math.min(scores, Decoder.SCORE_LIMIT) * FLOAT_BYTES;
    }
}
