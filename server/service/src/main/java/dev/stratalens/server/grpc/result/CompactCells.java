package dev.stratalens.server.grpc.result;

import dev.stratalens.engine.lens.plan.LensCoverage;
import dev.stratalens.engine.lens.plan.LensPlan;
import dev.stratalens.engine.lens.result.CellReadout;
import dev.stratalens.v1.CellChunk;
import java.util.Arrays;
import java.util.List;

/** Numbers of cells as codes, and what changes little from read point to read point as differences. */
final class CompactCells implements CellForm {

    private final int topK;
    private final List<LensCoverage> coverage;
    private final CellTargets targets;
    private final List<ColumnCode> columns;
    private final int lastToken;

    /** Codes of targets and columns at the read point before, by lens, position-major: what differences are from. */
    private final int[][] last;

    /**
     * @param targetIds [p * m]; negative where there is none
     * @param lastToken index of the position after which no token comes; -1 if there is none
     */
    CompactCells(LensPlan plan, int[] targetIds, List<ColumnCode> columns, int lastToken) {
        this.topK = plan.topK();
        this.coverage = plan.coverage();
        this.targets = new CellTargets(plan, targetIds);
        this.columns = columns;
        this.lastToken = lastToken;
        this.last = new int[plan.lenses().size()][plan.positions().length * width()];
    }

    /** Bytes for what differences are from. */
    static long memoryNeed(LensPlan plan) {
        return (long) plan.lenses().size()
                * plan.positions().length
                * (plan.targets().size() + plan.statistics().size())
                * Integer.BYTES;
    }

    @Override
    public boolean has(CellReadout cells, int first, int end) {
        for (int i = first * topK; i < end * topK; i++) {
            if (!Float.isFinite(cells.topLogProbs()[i])) {
                return false;
            }
        }
        for (int position = first; position < end; position++) {
            for (int i = 0; i < targets.count(); i++) {
                if (targets.exists(position, i)
                        && !Float.isFinite(cells.targetLogProbs()[position * targets.count() + i])) {
                    return false;
                }
            }
            for (ColumnCode column : columns) {
                if (hasValue(cells, column, position)
                        && !column.has(cells.columns().of(column.statistic())[position])) {
                    return false;
                }
            }
        }
        return true;
    }

    @Override
    public void add(CellChunk.Builder chunk, CellReadout cells, int first, int end) {
        for (int position = first; position < end; position++) {
            addTargets(chunk, cells, position, addPredictions(chunk, cells, position));
        }
        for (int i = 0; i < columns.size(); i++) {
            ColumnCode column = columns.get(i);
            float[] values = cells.columns().of(column.statistic());
            for (int position = first; position < end; position++) {
                chunk.addColumnCodes(
                        hasValue(cells, column, position)
                                ? difference(cells.lens(), position, targets.count() + i, column.code(values[position]))
                                : 0);
            }
        }
    }

    /** The next differences at these positions are from 0. */
    void forget(int lens, int first, int end) {
        Arrays.fill(last[lens], first * width(), end * width(), 0);
    }

    /** Gives the codes, [k]. */
    private int[] addPredictions(CellChunk.Builder chunk, CellReadout cells, int position) {
        var codes = new int[topK];
        int better = 0;
        for (int i = 0; i < topK; i++) {
            // They come best first; should rounding ever say otherwise, they count as equal.
            codes[i] = Math.max(better, LogCode.ofLogProb(cells.topLogProbs()[position * topK + i]));
            chunk.addLogProbCodes(codes[i] - better);
            better = codes[i];
        }
        return codes;
    }

    private void addTargets(CellChunk.Builder chunk, CellReadout cells, int position, int[] predictions) {
        for (int i = 0; i < targets.count(); i++) {
            if (!targets.exists(position, i)) {
                continue;
            }
            int prediction = targets.prediction(cells, position, i);
            int twin = targets.twin(position, i);
            if (prediction >= 0) {
                difference(cells.lens(), position, i, predictions[prediction]);
            } else if (twin >= 0) {
                difference(cells.lens(), position, i, last[cells.lens()][position * width() + twin]);
            } else {
                int code = LogCode.ofLogProb(cells.targetLogProbs()[position * targets.count() + i]);
                chunk.addTargetCodes(difference(cells.lens(), position, i, code));
            }
        }
    }

    private int difference(int lens, int position, int number, int code) {
        int index = position * width() + number;
        int before = last[lens][index];
        last[lens][index] = code;
        return code - before;
    }

    private boolean hasValue(CellReadout cells, ColumnCode column, int position) {
        return (cells.readPoint() < coverage.get(cells.lens()).last() || !column.isAbsentAtLastReadPoint())
                && (position != lastToken || !column.isAbsentAtLastToken());
    }

    private int width() {
        return targets.count() + columns.size();
    }
}
