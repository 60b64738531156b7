package dev.stratalens.engine.lens.kernel;

import dev.stratalens.engine.lens.kernel.row.BestTokens;
import dev.stratalens.engine.lens.kernel.row.RowStatistics;
import dev.stratalens.engine.model.Head;
import dev.stratalens.engine.tensor.TorchScope;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** The answer to a query from some of the tiles. Not thread-safe. */
final class TileShare {

    private final HeapPass pass;
    private final RowStatistics statistics;
    private final Optional<UnembeddingExpectation> expectation;
    private final int[] whole;
    private final float[][] wholeRows;
    private final List<Ranking> rankings;
    private final List<BestTokens> ranked;

    /**
     * An answer from no tile yet.
     *
     * @param step owner of the expectations
     * @param wholeRows the logits of all tiles, shared by all answers
     * @param exact whether tokens are not rescored
     */
    TileShare(
            Head head,
            HeapPass pass,
            TorchScope step,
            HeadQuery query,
            RowStatistics statistics,
            float[][] wholeRows,
            boolean exact) {
        this.pass = pass;
        this.statistics = statistics;
        this.expectation = query.expected() == 0
                ? Optional.empty()
                : Optional.of(new UnembeddingExpectation(
                        head, step, head.slice(step, query.rows(), 0, query.expected()), statistics));
        this.whole = query.whole();
        this.wholeRows = wholeRows;
        this.rankings = query.rankings();
        this.ranked = rankings.stream()
                .map(ranking -> new BestTokens(statistics.rows(), ranking.kept(exact)))
                .toList();
    }

    /** Adds a tile and may overwrite it. Tiles come from left to right. */
    void accept(LogitTile tile, RowBuffer buffer) {
        pass.accept(tile, statistics, buffer);
        for (int i = 0; i < ranked.size(); i++) {
            pass.rank(tile, rankings.get(i), ranked.get(i), buffer);
        }
        FloatBuffer logits = tile.numbers().memory().asFloatBuffer();
        for (int i = 0; i < whole.length; i++) {
            logits.get(whole[i] * tile.columns(), wholeRows[i], tile.firstToken(), tile.columns());
        }
        // Last, because it overwrites the tile.
        expectation.ifPresent(sums -> sums.add(tile));
    }

    /** Adds the answer from other tiles. */
    void merge(TileShare others) {
        expectation.ifPresent(sums -> sums.merge(others.expectation.orElseThrow()));
        statistics.merge(others.statistics);
        for (int i = 0; i < ranked.size(); i++) {
            ranked.get(i).merge(others.ranked.get(i));
        }
    }

    /** The numbers, after all tiles. */
    RowReadout readout() {
        return RowReadout.of(
                statistics,
                expectation.map(UnembeddingExpectation::finish),
                wholeRows,
                IntStream.range(0, ranked.size())
                        .mapToObj(i -> RankedTokens.of(ranked.get(i), statistics.rows(), rankings.get(i)))
                        .toList());
    }
}
