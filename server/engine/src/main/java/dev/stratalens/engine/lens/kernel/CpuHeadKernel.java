package dev.stratalens.engine.lens.kernel;

import dev.stratalens.engine.checkpoint.DataType;
import dev.stratalens.engine.lens.result.Cancellation;
import dev.stratalens.engine.model.Head;
import dev.stratalens.engine.tensor.TorchScope;
import dev.stratalens.engine.tensor.TorchTensor;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The head on the processor: tiles of logits in reused buffers, each read while it is in the cache. If the product
 * runs in low precision, the best tokens are rescored with float32 accumulation over the stored weights.
 */
public final class CpuHeadKernel implements HeadKernel {

    /** Tokens beyond k to rescore, since low precision may have put them in the wrong order. */
    private static final int MARGIN = 8;

    private static final long LOGITS_WORTH_A_THREAD = 1 << 16;

    private final Head head;
    private final TileGeometry geometry;
    private final RowTeam team;
    private final HeapPass pass;
    private final TiledProjection projection;
    private final TokenLogits tokenLogits;

    /** @param team threads; closed with the kernel */
    public CpuHeadKernel(Head head, TileGeometry geometry, RowKernel kernel, RowTeam team) {
        this(head, geometry, kernel, team, LOGITS_WORTH_A_THREAD);
    }

    CpuHeadKernel(Head head, TileGeometry geometry, RowKernel kernel, RowTeam team, long logitsWorthAThread) {
        this.head = head;
        this.geometry = geometry;
        this.team = team;
        this.pass = new HeapPass(kernel);
        this.projection = new TiledProjection(head, geometry, team, logitsWorthAThread);
        this.tokenLogits = new TokenLogits(head, kernel, team);
    }

    @Override
    public int rowLimit() {
        return geometry.rows();
    }

    @Override
    public boolean isExact() {
        return head.computeType() == DataType.FLOAT32;
    }

    @Override
    public long workBytes() {
        int width = head.unembeddingRows().rowSize();
        // For a softcap: logits and probabilities of the distributions, those of each row, and logits of the rows.
        long capped = head.capped() ? (4L * geometry.rows() + width) * Head.CAPPED_COLUMNS * Float.BYTES : 0;
        long check = 3L * head.vocabularySize() * Float.BYTES;
        return projection.workBytes() + capped + check;
    }

    @Override
    public RowReadout read(TorchScope step, HeadQuery query, Cancellation cancellation) {
        TorchTensor rows = query.rows();
        int perRow = query.targetsPerRow();
        float[] targetLogits = perRow == 0 ? new float[0] : tokenLogits.ofEachRow(rows, query.targetIds(), perRow);
        int kept = isExact() ? query.best() : Math.min(query.best() + MARGIN, head.vocabularySize());
        var wholeRows = new float[query.whole().length][head.vocabularySize()];
        var none = new RowStatistics(rows.rows(), kept, perRow, query.targetIds(), targetLogits);
        List<TileShare> shares = Stream.generate(none::empty)
                .limit(projection.workers(rows.rows(), query.expected()))
                .map(statistics -> new TileShare(head, pass, step, query, statistics, wholeRows))
                .toList();
        projection.read(rows, shares, cancellation);
        TileShare all = shares.get(0);
        shares.stream().skip(1).forEach(all::merge);
        RowReadout readout = all.readout();
        return isExact() ? readout : readout.rescored(tokenLogits.ofEachRow(rows, readout.topIds(), kept));
    }

    @Override
    public Expectations expectations(TorchScope scope, int count) {
        return new Expectations(head.expectationSums(scope, count).rows());
    }

    @Override
    public void keep(Expectations all, int first, Expectations some, int count) {
        try (TorchScope step = head.scope()) {
            head.copy(head.slice(step, all.rows(), first, first + count), head.slice(step, some.rows(), 0, count));
        }
    }

    @Override
    public float[] expectedLogits(TorchScope step, TorchTensor rows, Expectations expectations, int[] which) {
        if (!head.capped()) {
            long[] indices = Arrays.stream(which).asLongStream().toArray();
            return head.expectedLogits(step, rows, expectations.rows(), indices);
        }
        var expected = new float[which.length];
        for (int first = 0; first < which.length; first += rowLimit()) {
            int end = Math.min(first + rowLimit(), which.length);
            float[] some = cappedLogits(rows, expectations, first, Arrays.copyOfRange(which, first, end));
            System.arraycopy(some, 0, expected, first, some.length);
        }
        return expected;
    }

    /** Every distribution costs a product with the whole unembedding, so take only the needed ones, each once. */
    private float[] cappedLogits(TorchTensor rows, Expectations expectations, int first, int[] which) {
        int[] needed = Arrays.stream(which).sorted().distinct().toArray();
        long[] places = IntStream.of(which)
                .mapToLong(index -> Arrays.binarySearch(needed, index))
                .toArray();
        try (TorchScope step = head.scope()) {
            TorchTensor distributions = head.select(
                    step,
                    expectations.rows(),
                    IntStream.of(needed).asLongStream().toArray());
            return head.expectedLogits(
                    step, head.slice(step, rows, first, first + which.length), distributions, places);
        }
    }

    @Override
    public float[][] logits(TorchTensor rows, int[][] ids) {
        return tokenLogits.ofEachGroup(rows, ids);
    }

    @Override
    public float[] plainLogits(TorchScope scope, TorchTensor rows) {
        return isExact() ? head.plainLogits(scope, rows) : tokenLogits.ofAllTokens(rows);
    }

    @Override
    public void close() {
        try (team;
                projection) {}
    }
}
