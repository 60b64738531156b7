package dev.stratalens.client.internal.assembly;

import static dev.stratalens.client.internal.assembly.BrokenStream.require;

import dev.stratalens.client.internal.result.LayerColumns;
import dev.stratalens.client.request.ReadPoint;
import dev.stratalens.client.request.Statistic;
import dev.stratalens.v1.CellChunk;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/** Reads the cell chunks of one lens. Differences are from the layer before, at the same position. */
final class CellReader {

    private final HeaderReader head;
    private final TargetReader targets;
    private final KnownIds references;
    private final int lastReadPoint;
    private final int k;
    private final int m;
    private final List<Statistic> statistics;
    private final int[] lastTargets; // [p * m]
    private final int[] lastColumns; // [s * p]

    /** @param lastReadPoint index of the last read point that the lens has */
    CellReader(HeaderReader head, TargetReader targets, KnownIds references, int lastReadPoint) {
        this.head = head;
        this.lastReadPoint = lastReadPoint;
        this.targets = targets;
        this.references = references;
        k = head.header().getTopK();
        m = head.header().getTargetsCount();
        statistics = head.statistics();
        int positions = head.positions().size();
        lastTargets = new int[Math.multiplyExact(positions, m)];
        lastColumns = new int[Math.multiplyExact(positions, statistics.size())];
    }

    /** Room for a layer. */
    CellCodes allocate(ReadPoint readPoint) {
        int positions = head.positions().size();
        int predictions = Math.multiplyExact(positions, k);
        Map<Statistic, float[]> columns = new LinkedHashMap<>();
        statistics.forEach(statistic -> columns.put(statistic, new float[positions]));
        boolean followed = head.header().getHasTrajectories();
        return new CellCodes(
                new LayerColumns(
                        readPoint,
                        new int[predictions],
                        new float[predictions],
                        new int[positions * m],
                        new float[positions * m],
                        columns),
                new int[followed ? predictions : 0],
                new int[followed ? positions * m : 0]);
    }

    /** Reads a chunk, whose positions are checked, into its layer. */
    void read(CellChunk chunk, CellCodes to) {
        new Chunk(chunk, to).read();
    }

    /** One chunk. */
    private final class Chunk {
        private final CellChunk chunk;
        private final CellCodes to;
        private final LayerColumns columns;
        private final String name;
        private final int first;
        private final int count;
        private final boolean exact;
        private final int[] codes; // of the predictions of one cell
        private int targetsTaken;

        Chunk(CellChunk chunk, CellCodes to) {
            this.chunk = chunk;
            this.to = to;
            columns = to.columns();
            name = "cells of " + columns.readPoint();
            first = chunk.getFirstPosition();
            count = chunk.getPositionCount();
            exact = chunk.getLogProbsCount() > 0;
            codes = new int[k];
        }

        void read() {
            requireLengths();
            head.texts().add(chunk.getNewTokens());
            KnownIds.NewIds newIds = new KnownIds.NewIds(name, chunk.getTokenIdsList());
            for (int i = 0; i < count; i++) {
                readPredictions(i, newIds);
                readTargets(i);
            }
            newIds.requireAllTaken();
            int listed = exact ? chunk.getTargetLogProbsCount() : chunk.getTargetCodesCount();
            require(
                    targetsTaken == listed,
                    "%s: %d values of targets came where %d are promised",
                    name,
                    listed,
                    targetsTaken);
            for (int s = 0; s < statistics.size(); s++) {
                readColumn(s);
            }
        }

        private void requireLengths() {
            boolean mayBeCompact = head.header().getNumberForm() == dev.stratalens.v1.NumberForm.NUMBER_FORM_COMPACT;
            require(exact || mayBeCompact, "%s: codes came, but float32 was asked for", name);
            int s = statistics.size();
            requireLength("token_refs", chunk.getTokenRefsCount(), k);
            requireLength("target_ranks", chunk.getTargetRanksCount(), m);
            requireLength("log_prob_codes", chunk.getLogProbCodesCount(), exact ? 0 : k);
            requireLength("column_codes", chunk.getColumnCodesCount(), exact ? 0 : s);
            requireLength("log_probs", chunk.getLogProbsCount(), exact ? k : 0);
            requireLength("column_values", chunk.getColumnValuesCount(), exact ? s : 0);
            require(
                    exact ? chunk.getTargetCodesCount() == 0 : chunk.getTargetLogProbsCount() == 0,
                    "%s: log-probabilities of targets came as codes and as float32",
                    name);
        }

        private void requireLength(String field, int came, int perPosition) {
            long promised = (long) count * perPosition;
            require(came == promised, "%s: %s has %d values where %d are promised", name, field, came, promised);
        }

        private void readPredictions(int i, KnownIds.NewIds newIds) {
            int code = 0;
            for (int j = 0; j < k; j++) {
                int from = i * k + j;
                int at = (first + i) * k + j;
                int id = references.resolve(first + i, chunk.getTokenRefs(from), newIds);
                head.texts().get(id);
                columns.ids()[at] = id;
                require(indexOf(id, at - j, j) < 0, "%s: token id %d came twice in a cell", name, id);
                if (exact) {
                    columns.logProbs()[at] = chunk.getLogProbs(from);
                } else {
                    int difference = chunk.getLogProbCodes(from);
                    require(difference >= 0, "%s: predictions are not best first", name);
                    code = LogCodes.CELL.add(code, difference, name);
                    columns.logProbs()[at] = LogCodes.CELL.logProb(code);
                }
                codes[j] = code;
                if (to.predictions().length > 0) {
                    to.predictions()[at] = code;
                }
            }
        }

        private void readTargets(int i) {
            for (int j = 0; j < m; j++) {
                int at = (first + i) * m + j;
                OptionalInt id = targets.id(j, first + i);
                columns.targetRanks()[at] = rank(i, j, id.isPresent());
                if (id.isEmpty()) {
                    columns.targetLogProbs()[at] = Float.NaN;
                } else {
                    readTarget(i, j, id.getAsInt());
                    if (to.targets().length > 0) {
                        to.targets()[at] = lastTargets[at];
                    }
                }
            }
        }

        private int rank(int i, int j, boolean exists) {
            int rank = chunk.getTargetRanks(i * m + j);
            int vocabulary = head.header().getModel().getVocabularySize();
            require(
                    exists ? rank >= 1 && rank <= vocabulary : rank == 0,
                    "%s give rank %s to target %d at position %d, which %s",
                    name,
                    Integer.toUnsignedString(rank),
                    j,
                    head.positions().get(first + i),
                    exists ? "must be 1 .. " + vocabulary : "does not exist");
            return rank;
        }

        /** A target that is a prediction or an earlier target of the cell has its value from there. */
        private void readTarget(int i, int j, int id) {
            int at = (first + i) * m + j;
            int prediction = indexOf(id, (first + i) * k, k);
            if (prediction >= 0) {
                columns.targetLogProbs()[at] = columns.logProbs()[(first + i) * k + prediction];
                lastTargets[at] = codes[prediction];
                return;
            }
            for (int earlier = 0; earlier < j; earlier++) {
                OptionalInt other = targets.id(earlier, first + i);
                if (other.isPresent() && other.getAsInt() == id) {
                    columns.targetLogProbs()[at] = columns.targetLogProbs()[at - j + earlier];
                    lastTargets[at] = lastTargets[at - j + earlier];
                    return;
                }
            }
            int from = targetsTaken++;
            int listed = exact ? chunk.getTargetLogProbsCount() : chunk.getTargetCodesCount();
            require(from < listed, "%s: %d values of targets came where more are promised", name, listed);
            if (exact) {
                columns.targetLogProbs()[at] = chunk.getTargetLogProbs(from);
                lastTargets[at] = 0;
            } else {
                lastTargets[at] = LogCodes.CELL.add(lastTargets[at], chunk.getTargetCodes(from), name);
                columns.targetLogProbs()[at] = LogCodes.CELL.logProb(lastTargets[at]);
            }
        }

        private int indexOf(int id, int start, int length) {
            for (int i = 0; i < length; i++) {
                if (columns.ids()[start + i] == id) {
                    return i;
                }
            }
            return -1;
        }

        private void readColumn(int s) {
            Statistic statistic = statistics.get(s);
            float[] values = columns.column(statistic);
            int lastAt = s * head.positions().size() + first;
            for (int i = 0; i < count; i++) {
                if (exact) {
                    lastColumns[lastAt + i] = 0;
                    values[first + i] = chunk.getColumnValues(s * count + i);
                    continue;
                }
                int difference = chunk.getColumnCodes(s * count + i);
                if (isAbsent(statistic, first + i)) {
                    require(difference == 0, "%s: %s has a value where there is none", name, statistic);
                    values[first + i] = Float.NaN;
                } else if (statistic.compactStep().isPresent()) {
                    lastColumns[lastAt + i] += difference;
                    values[first + i] = (float)
                            (lastColumns[lastAt + i] * statistic.compactStep().getAsDouble());
                } else {
                    lastColumns[lastAt + i] = LogCodes.CELL.add(lastColumns[lastAt + i], difference, name);
                    values[first + i] = LogCodes.CELL.value(lastColumns[lastAt + i]);
                }
            }
        }

        /** The values that the compact form cannot say by themselves: there is no layer after the last, and no token. */
        private boolean isAbsent(Statistic statistic, int position) {
            return (statistic.isAbsentAtLastReadPoint() && chunk.getReadPoint() == lastReadPoint)
                    || (statistic.isAbsentAtLastToken()
                            && !head.hasNext(head.positions().get(position)));
        }
    }
}
