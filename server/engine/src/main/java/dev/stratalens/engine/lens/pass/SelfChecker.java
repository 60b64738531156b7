package dev.stratalens.engine.lens.pass;

import dev.stratalens.engine.checkpoint.DataType;
import dev.stratalens.engine.lens.kernel.HeadReader;
import dev.stratalens.engine.lens.kernel.LogitTile;
import dev.stratalens.engine.lens.kernel.TokenLogits;
import dev.stratalens.engine.lens.result.SelfCheck;
import dev.stratalens.engine.model.Head;
import dev.stratalens.engine.tensor.TorchScope;
import dev.stratalens.engine.tensor.TorchTensor;
import java.util.Arrays;
import java.util.List;

/**
 * Holds the tiled logits of one position of each run against plain ones. In float32 every logit is compared; in low
 * precision those that are reported, the rescored candidates, because the others are known to be rounded.
 */
final class SelfChecker {

    /** Logits closer than this are tied: which is the best is then a matter of rounding. */
    private static final float TIE = 1e-4f;

    /** Rows of plain logits at a time. */
    private static final int ROWS = 8;

    private final Head head;
    private final TokenLogits tokenLogits;
    private final float[][] watched;

    SelfChecker(HeadReader reader, int runs) {
        this.head = reader.head();
        this.tokenLogits = reader.tokenLogits();
        this.watched = new float[head.computeType() == DataType.FLOAT32 ? runs : 0][head.vocabularySize()];
    }

    /** The index of the position that is checked: the last one, for which people ask. */
    static int position(LensRun run) {
        return run.positions() - 1;
    }

    /** Copies the logits of checked positions. */
    void watch(LogitTile tile, List<Cell> cells, List<LensRun> runs) {
        for (int row = 0; row < cells.size() && watched.length > 0; row++) {
            Cell cell = cells.get(row);
            if (cell.position() == position(cell.run())) {
                tile.numbers()
                        .memory()
                        .asFloatBuffer()
                        .get(
                                row * tile.columns(),
                                watched[runs.indexOf(cell.run())],
                                tile.firstToken(),
                                tile.columns());
            }
        }
    }

    /**
     * Checks runs whose output is complete.
     *
     * @param store residual rows
     * @param firstRow of the last block
     * @return one for each run
     */
    SelfCheck[] check(TorchScope scope, TorchTensor store, int firstRow, List<LensRun> runs) {
        var checks = new SelfCheck[runs.size()];
        for (int first = 0; first < checks.length; first += ROWS) {
            List<LensRun> some = runs.subList(first, Math.min(first + ROWS, checks.length));
            long[] rows = some.stream()
                    .mapToLong(run -> firstRow + run.firstPosition() + position(run))
                    .toArray();
            try (TorchTensor residuals = head.select(scope, store, rows)) {
                float[] plain = plainLogits(scope, residuals);
                for (int i = 0; i < some.size(); i++) {
                    int vocabulary = head.vocabularySize();
                    float[] row = Arrays.copyOfRange(plain, i * vocabulary, (i + 1) * vocabulary);
                    checks[first + i] = check(some.get(i), row, watched.length > 0 ? watched[first + i] : new float[0]);
                }
            }
        }
        return checks;
    }

    /** By other code than the tiles' products: a plain product in float32, else products of single rows. */
    private float[] plainLogits(TorchScope scope, TorchTensor residuals) {
        try (TorchTensor input = head.plainlyNormed(scope, residuals)) {
            return head.computeType() == DataType.FLOAT32
                    ? head.plainLogits(scope, input)
                    : tokenLogits.ofAllTokens(input);
        }
    }

    private static SelfCheck check(LensRun run, float[] plain, float[] tiled) {
        int topK = run.plan().topK();
        int position = position(run);
        CellArrays output = run.output();
        float difference = 0;
        for (int i = 0; i < tiled.length; i++) {
            difference = Math.max(difference, Math.abs(tiled[i] - plain[i]));
        }
        for (int i = position * topK; i < (position + 1) * topK; i++) {
            float reported = output.topLogProbs[i] + output.logSumExps[position];
            difference = Math.max(difference, Math.abs(reported - plain[output.topIds[i]]));
        }
        float best = Float.NEGATIVE_INFINITY;
        for (float logit : plain) {
            best = Math.max(best, logit);
        }
        boolean agrees = best - plain[output.topIds[position * topK]] <= TIE;
        return new SelfCheck(difference, agrees, List.of(run.plan().positions()[position]));
    }
}
