package dev.stratalens.engine.lens.pass;

import dev.stratalens.engine.lens.kernel.HeadKernel;
import dev.stratalens.engine.lens.pass.result.PlanResult;
import dev.stratalens.engine.lens.plan.ReadPoint;
import dev.stratalens.engine.lens.result.CellReadout;
import dev.stratalens.engine.lens.result.SelfCheck;
import dev.stratalens.engine.tensor.TorchScope;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;

/**
 * Makes the self-check: compares the logits of one position of each plan with plain ones. In float32 it compares every
 * logit, in low precision only the reported ones, those of the rescored best tokens, because the others are rounded.
 */
final class SelfChecker {

    /** Logits closer than this are tied; rounding decides which is the best. */
    private static final float TIE = 1e-4f;

    /** Rows of plain logits at a time. */
    private static final int ROWS = 8;

    private final HeadKernel kernel;
    private final ResidualRows rows;
    private final ReadPoint output;
    private final Map<PlanResult, float[]> tiled = new HashMap<>();

    /** @param output read point of the model's own output */
    SelfChecker(HeadKernel kernel, ResidualRows rows, ReadPoint output) {
        this.kernel = kernel;
        this.rows = rows;
        this.output = output;
    }

    /** The index of the checked position: the last one, the most relevant for users. */
    private static int position(PlanResult result) {
        return result.positions() - 1;
    }

    /** Rows of last positions whose logits are all needed: for the check, or to draw the next token. */
    int[] rows(List<Cell> cells) {
        return IntStream.range(0, kernel.isExact() ? cells.size() : 0)
                .filter(row -> {
                    PlanResult result = cells.get(row).result();
                    return cells.get(row).position() == position(result)
                            && (result.isChecked() || result.next().isDrawn());
                })
                .toArray();
    }

    /** All logits of the last position of a result, once its row was taken. */
    float[] logits(TorchScope step, Cell cell) {
        float[] known = tiled.get(cell.result());
        return known == null ? kernel.plainLogits(step, rows.plainlyNormed(step, List.of(cell))) : known;
    }

    /** Takes the logits of the requested rows. */
    void take(float[][] logits, List<Cell> cells) {
        int[] checked = rows(cells);
        for (int i = 0; i < checked.length; i++) {
            tiled.put(cells.get(checked[i]).result(), logits[i]);
        }
    }

    /** Checks all results after their output is complete, and passes on the self-checks. */
    void check(BiConsumer<PlanResult, SelfCheck> found) {
        List<PlanResult> all = rows.layout().results();
        all.stream().filter(result -> !result.isChecked()).forEach(result -> found.accept(result, SelfCheck.NONE));
        List<PlanResult> results = all.stream().filter(PlanResult::isChecked).toList();
        for (int first = 0; first < results.size(); first += ROWS) {
            List<PlanResult> some = results.subList(first, Math.min(first + ROWS, results.size()));
            List<Cell> cells = some.stream()
                    .map(result -> rows.layout().cell(result, output, result.firstPosition() + position(result)))
                    .toList();
            float[] plain;
            try (TorchScope step = rows.scope()) {
                plain = kernel.plainLogits(step, rows.plainlyNormed(step, cells));
            }
            int vocabulary = plain.length / some.size();
            for (int i = 0; i < some.size(); i++) {
                float[] row = Arrays.copyOfRange(plain, i * vocabulary, (i + 1) * vocabulary);
                found.accept(some.get(i), check(some.get(i), row, tiled.getOrDefault(some.get(i), new float[0])));
            }
            rows.layout().report();
        }
    }

    private static SelfCheck check(PlanResult result, float[] plain, float[] tiled) {
        int topK = result.plan().topK();
        int position = position(result);
        CellReadout output = result.output();
        float difference = 0;
        for (int i = 0; i < tiled.length; i++) {
            difference = Math.max(difference, Math.abs(tiled[i] - plain[i]));
        }
        for (int i = position * topK; i < (position + 1) * topK; i++) {
            float reported = output.topLogProbs()[i] + output.logSumExps()[position];
            difference = Math.max(difference, Math.abs(reported - plain[output.topIds()[i]]));
        }
        float best = Float.NEGATIVE_INFINITY;
        for (float logit : plain) {
            best = Math.max(best, logit);
        }
        boolean agrees = best - plain[output.topIds()[position * topK]] <= TIE;
        return new SelfCheck(difference, agrees, List.of(result.plan().positions()[position]));
    }
}
