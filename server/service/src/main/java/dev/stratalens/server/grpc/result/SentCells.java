package dev.stratalens.server.grpc.result;

import dev.stratalens.engine.lens.plan.LensPlan;
import dev.stratalens.engine.lens.result.CellReadout;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;

/**
 * The cells that a stream has sent, which its trajectories do not send again. Keeps the engine's own arrays, which live as long as the
 * pass, and where trajectories are not asked for nothing at all.
 */
final class SentCells {

    private final LensPlan plan;
    private final int[] targetIds;
    private final Map<Integer, CellReadout> readouts = new HashMap<>();
    private final Map<Integer, BitSet> exact = new HashMap<>();

    /** What is told of the tokens that a cell has named. */
    interface Named {

        /**
         * The cell has named a token.
         *
         * @param code of the trajectories; 0 where the cell went out exactly
         */
        void token(int id, int code);
    }

    /** @param targetIds of the stream, [p * m]; negative where there is none */
    SentCells(LensPlan plan, int[] targetIds) {
        this.plan = plan;
        this.targetIds = targetIds;
    }

    /** Cells went out. */
    void sent(CellReadout cells, int first, int end, boolean exactly) {
        if (plan.minimumPeak().isPresent()) {
            readouts.put(index(cells.lens(), cells.readPoint()), cells);
            if (exactly) {
                exact.computeIfAbsent(index(cells.lens(), cells.readPoint()), unseen -> new BitSet())
                        .set(first, end);
            }
        }
    }

    /** Tells the tokens of a cell; one that it named twice is told twice, with the first code at last. */
    void forEach(int lens, int readPoint, int position, Named named) {
        CellReadout cells = readouts.get(index(lens, readPoint));
        if (cells == null) {
            return;
        }
        BitSet exactly = exact.get(index(lens, readPoint));
        boolean coded = exactly == null || !exactly.get(position);
        int targets = plan.targets().size();
        for (int i = position * targets; i < (position + 1) * targets; i++) {
            if (targetIds[i] >= 0) {
                named.token(targetIds[i], coded ? tracked(LogCode.ofLogProb(cells.targetLogProbs()[i])) : 0);
            }
        }
        int code = 0;
        for (int i = position * plan.topK(); i < (position + 1) * plan.topK(); i++) {
            code = coded ? Math.max(code, LogCode.ofLogProb(cells.topLogProbs()[i])) : 0;
            named.token(cells.topIds()[i], tracked(code));
        }
    }

    private static int tracked(int cellCode) {
        return cellCode >> LogCode.TRAJECTORY_SHIFT;
    }

    private int index(int lens, int readPoint) {
        return lens * plan.readPoints().size() + readPoint;
    }
}
