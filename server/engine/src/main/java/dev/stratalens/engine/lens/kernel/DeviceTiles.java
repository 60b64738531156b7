package dev.stratalens.engine.lens.kernel;

import dev.stratalens.engine.checkpoint.DataType;
import dev.stratalens.engine.lens.result.Cancellation;
import dev.stratalens.engine.tensor.TorchProgram;
import dev.stratalens.engine.tensor.TorchScope;
import dev.stratalens.engine.tensor.TorchTensor;
import dev.stratalens.engine.tensor.TorchTensorMap;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/** Reads groups of rows tile by tile on a device, which adds up all numbers in its own memory. Not thread-safe. */
final class DeviceTiles {

    /** Place in the list of running tensors; see device_head.torchscript. */
    private static final int EXPECTATIONS = 7;

    /** Bytes for each logit that is sorted: it and its token, before and after, and its place. */
    private static final long SORTED_BYTES = 2L * (Float.BYTES + Long.BYTES) + Long.BYTES;

    private static final int LARGEST_CHUNK = 1024;

    /**
     * What is read.
     *
     * @param vocabulary number of logits of a row
     * @param columns of a tile
     * @param type of the product
     * @param capped whether logits have a softcap; expectations are then rows of the distributions
     */
    record Shape(int vocabulary, int columns, DataType type, boolean capped) {}

    private final TorchProgram program;
    private final TorchTensorMap weights;
    private final Shape shape;
    private final Function<TorchTensor, float[]> toHeap;

    /**
     * Reads nothing yet.
     *
     * @param program of head and device_head
     * @param weights of the head
     * @param toHeap waits for the device
     */
    DeviceTiles(TorchProgram program, TorchTensorMap weights, Shape shape, Function<TorchTensor, float[]> toHeap) {
        this.program = program;
        this.weights = weights;
        this.shape = shape;
        this.toHeap = toHeap;
    }

    /** Bytes of a row in which the best tokens are searched. */
    static long searchBytes(int kept, int columns) {
        int chunk = chunk(kept, columns);
        return (columns / chunk + kept * (1L + chunk) + chunk) * SORTED_BYTES;
    }

    /** Tokens with a common maximum: so many that few numbers are sorted. */
    private static int chunk(int kept, int columns) {
        return Math.max(1, Math.min(LARGEST_CHUNK, Integer.highestOneBit((int) Math.sqrt((double) columns / kept))));
    }

    /** As {@link #begin}, and waits. */
    RowReadout read(TorchScope step, HeadQuery query, Cancellation cancellation) {
        return begin(step, query, cancellation).get();
    }

    /**
     * Begins to read a group of rows.
     *
     * @param step owner of the expectations and of what is read until then
     * @return waits for the device
     */
    Supplier<RowReadout> begin(TorchScope step, HeadQuery query, Cancellation cancellation) {
        TorchTensor rows = query.rows();
        int kept = isExact() ? query.best() : query.rescored(shape.vocabulary());
        int sums = shape.capped() ? 0 : query.expected();
        TorchTensor targets = step.longs(toLongs(query.targetIds()), rows.rows(), query.targetsPerRow());
        TorchTensor whole = step.longs(toLongs(query.whole()), query.whole().length);
        List<TorchTensor> begun = new ArrayList<>(
                program.tensors(step, "begin", rows, weights, targets, kept, sums, query.whole().length));
        for (Ranking ranking : query.rankings()) {
            TorchTensor sign = step.floats(new float[] {ranking.sign()}, 1);
            TorchTensor penalties = step.floats(ranking.penalties(), shape.vocabulary());
            begun.addAll(program.tensors(step, "begin_ranking", rows, sign, penalties, ranking.kept(isExact())));
        }
        TorchTensor[] running = begun.toArray(TorchTensor[]::new);
        TorchTensor rounded = program.tensor(step, "as_weights", rows, weights);
        for (int first = 0; first < shape.vocabulary(); first += shape.columns()) {
            cancellation.throwIfCanceled();
            int last = Math.min(first + shape.columns(), shape.vocabulary());
            int chunk = chunk(kept, last - first);
            program.execute("add_tile", rounded, weights, first, last, chunk, targets, whole, running);
        }
        TorchTensor packed = program.tensor(step, "packed", rows, weights, !isExact(), running);
        TorchTensor expectations =
                shape.capped() ? program.tensor(step, "slice_rows", rows, 0, query.expected()) : running[EXPECTATIONS];
        return () -> readout(query, kept, FloatBuffer.wrap(toHeap.apply(packed)), new Expectations(expectations));
    }

    private boolean isExact() {
        return shape.type() == DataType.FLOAT32;
    }

    /** @param numbers in the order of the program */
    private RowReadout readout(HeadQuery query, int kept, FloatBuffer numbers, Expectations expectations) {
        int rows = query.rows().rows();
        float[] maxima = next(numbers, rows);
        float[] sums = next(numbers, rows);
        float[] weightedSums = next(numbers, rows);
        float[] topLogits = next(numbers, rows * kept);
        int[] topIds = toInts(next(numbers, rows * kept));
        float[] targetLogits = next(numbers, query.targetIds().length);
        int[] targetRanks = toInts(next(numbers, query.targetIds().length));
        float[] exact = next(numbers, isExact() ? 0 : rows * kept);
        var wholeRows = new float[query.whole().length][];
        Arrays.setAll(wholeRows, row -> next(numbers, shape.vocabulary()));
        for (int i = 0; i < targetRanks.length; i++) {
            boolean exists = query.targetIds()[i] >= 0;
            targetRanks[i] = exists ? 1 + targetRanks[i] : 0;
            targetLogits[i] = exists ? targetLogits[i] : Float.NaN;
        }
        List<RankedTokens> ranked = query.rankings().stream()
                .map(ranking -> ranked(ranking, rows, numbers))
                .toList();
        var logSumExps = new float[rows];
        var entropies = new double[rows];
        for (int row = 0; row < rows; row++) {
            double log = Math.log(sums[row]);
            logSumExps[row] = (float) (maxima[row] + log);
            entropies[row] = Math.max(0, log - (double) weightedSums[row] / sums[row]);
        }
        var readout = new RowReadout(
                kept,
                topIds,
                topLogits,
                logSumExps,
                entropies,
                targetRanks,
                targetLogits,
                query.expected() == 0 ? Optional.empty() : Optional.of(expectations),
                wholeRows,
                ranked);
        return isExact() ? readout : readout.rescored(exact, ranked);
    }

    private RankedTokens ranked(Ranking ranking, int rows, FloatBuffer numbers) {
        int kept = ranking.kept(isExact());
        float[] logits = next(numbers, rows * kept);
        for (int i = 0; i < logits.length; i++) {
            logits[i] *= ranking.sign();
        }
        var ranked = new RankedTokens(kept, toInts(next(numbers, rows * kept)), logits);
        return isExact() ? ranked : ranked.rescored(next(numbers, rows * kept), ranking);
    }

    private static float[] next(FloatBuffer numbers, int count) {
        var some = new float[count];
        numbers.get(some);
        return some;
    }

    /** Tokens and ranks are whole numbers below 2^24, which float32 holds exactly. */
    private static int[] toInts(float[] values) {
        var ints = new int[values.length];
        for (int i = 0; i < ints.length; i++) {
            ints[i] = (int) values[i];
        }
        return ints;
    }

    private static long[] toLongs(int[] values) {
        return Arrays.stream(values).asLongStream().toArray();
    }
}
