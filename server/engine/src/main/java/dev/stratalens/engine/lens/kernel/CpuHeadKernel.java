package dev.stratalens.engine.lens.kernel;

import dev.stratalens.engine.checkpoint.DataType;
import dev.stratalens.engine.lens.kernel.row.RowKernel;
import dev.stratalens.engine.lens.kernel.row.RowStatistics;
import dev.stratalens.engine.lens.result.Cancellation;
import dev.stratalens.engine.model.Head;
import dev.stratalens.engine.tensor.TorchScope;
import dev.stratalens.engine.tensor.TorchTensor;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The head on the processor: tiles of logits in reused buffers, each read while it is in the cache. If the product
 * runs in low precision, the best tokens are rescored with float32 accumulation over the stored weights.
 */
public final class CpuHeadKernel implements HeadKernel {

    private static final long LOGITS_WORTH_A_THREAD = 1 << 16;

    private final Head head;
    private final TileGeometry geometry;
    private final RowTeam team;
    private final HeapPass pass;
    private final TiledProjection projection;
    private final TokenLogits tokenLogits;
    private final ExpectedLogits expectedLogits;

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
        this.expectedLogits = new ExpectedLogits(head, geometry.rows());
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
        long check = 3L * head.vocabularySize() * Float.BYTES;
        return projection.workBytes() + expectedLogits.workBytes() + check;
    }

    @Override
    public RowReadout read(TorchScope step, HeadQuery query, Cancellation cancellation) {
        TorchTensor rows = query.rows();
        int perRow = query.targetsPerRow();
        float[] targetLogits = perRow == 0 ? new float[0] : tokenLogits.ofEachRow(rows, query.targetIds(), perRow);
        int kept = isExact() ? query.best() : query.rescored(head.vocabularySize());
        var wholeRows = new float[query.whole().length][head.vocabularySize()];
        var none = new RowStatistics(rows.rows(), kept, perRow, query.targetIds(), targetLogits);
        List<TileShare> shares = Stream.generate(none::empty)
                .limit(projection.workers(rows.rows(), query.expected()))
                .map(statistics -> new TileShare(head, pass, step, query, statistics, wholeRows, isExact()))
                .toList();
        projection.read(rows, shares, cancellation);
        TileShare all = shares.get(0);
        shares.stream().skip(1).forEach(all::merge);
        RowReadout readout = all.readout();
        return isExact() ? readout : rescored(readout, query);
    }

    private RowReadout rescored(RowReadout readout, HeadQuery query) {
        TorchTensor rows = query.rows();
        return readout.rescored(
                tokenLogits.ofEachRow(rows, readout.topIds(), readout.kept()),
                IntStream.range(0, query.rankings().size())
                        .mapToObj(i -> {
                            RankedTokens ranked = readout.ranked().get(i);
                            float[] exact = tokenLogits.ofEachRow(rows, ranked.ids(), ranked.kept());
                            return ranked.rescored(exact, query.rankings().get(i));
                        })
                        .toList());
    }

    @Override
    public Expectations expectations(TorchScope scope, int count) {
        return expectedLogits.storage(scope, count);
    }

    @Override
    public void keep(Expectations all, int first, Expectations some, int count) {
        expectedLogits.keep(all, first, some, count);
    }

    @Override
    public float[] expectedLogits(TorchScope step, TorchTensor rows, Expectations expectations, int[] which) {
        return expectedLogits.of(step, rows, expectations, which);
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
