package dev.stratalens.server.lens;

import dev.stratalens.server.lens.LensTarget.FinalTop;
import dev.stratalens.server.lens.LensTarget.NextToken;
import dev.stratalens.server.model.Head;
import dev.stratalens.server.model.torch.TorchScope;
import dev.stratalens.server.model.torch.TorchTensor;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The model's own output at every asked position, which everything else refers to.
 *
 * @param targets final top-1 and the targets' ids
 * @param entropies of the output distributions, [p]
 * @param expectations expected unembedding rows, [p, d]; empty where no statistic needs them
 * @param selfCheck proof of the logits at one position
 */
record FinalReadout(FinalTargets targets, double[] entropies, Optional<TorchTensor> expectations, SelfCheck selfCheck) {

    double entropy(int position) {
        return entropies[position];
    }

    double[] entropiesFrom(int first, int count) {
        return Arrays.copyOfRange(entropies, first, first + count);
    }

    /**
     * Projects the last block's rows.
     *
     * @param scope owner of the expectations
     * @param layer receives the cells: those of the last block, normed
     */
    static FinalReadout read(
            Head head,
            TiledProjection projection,
            LensPlan plan,
            TorchScope scope,
            ResidualRows rows,
            LayerArrays layer,
            Cancellation cancellation) {
        int positions = plan.positions().length;
        boolean expects = plan.statistics().contains(Statistic.KL_FROM_FINAL)
                || plan.statistics().contains(Statistic.KL_FROM_NEXT);
        Optional<TorchTensor> expectations =
                expects ? Optional.of(head.expectationSums(scope, positions)) : Optional.empty();
        int[] targetIds = knownTargetIds(plan);
        var entropies = new double[positions];
        var check = new SelfChecker(head, plan, positions - 1);
        for (int first = 0; first < positions; first += projection.rowLimit()) {
            int count = Math.min(projection.rowLimit(), positions - first);
            int firstRow = rows.finalFirst() + first;
            try (TorchScope step = scope.child()) {
                TorchTensor residual = head.slice(step, rows.store(), firstRow, firstRow + count);
                TorchTensor input = head.normed(step, residual);
                RowStatistics statistics = RowTargets.of(head, step, input, first, targetIds, plan)
                        .statistics(count, RowReadout.keptFor(plan.topK(), head));
                int firstOfBlock = first;
                Optional<UnembeddingExpectation> expectation = expectations.map(sums -> new UnembeddingExpectation(
                        head, step, input, head.slice(step, sums, firstOfBlock, firstOfBlock + count), statistics));
                List<TileObserver> observers = Stream.concat(
                                Stream.of(check.observer(first, count)), expectation.stream())
                        .toList();
                projection.read(input, statistics, observers, cancellation);
                expectation.ifPresent(UnembeddingExpectation::finish);
                RowReadout readout = RowReadout.of(head, step, input, statistics, plan.topK());
                for (int row = 0; row < count; row++) {
                    CellWriter.write(readout, statistics, row, layer, first + row, plan);
                    entropies[first + row] = statistics.entropy(row);
                }
                check.compare(step, residual, readout, first, count);
            }
        }
        fillFinalTop(plan, targetIds, layer);
        return new FinalReadout(finalTargets(plan, targetIds, layer), entropies, expectations, check.result());
    }

    /** Ids of the targets that are known from the prompt; -1 for the others. */
    private static int[] knownTargetIds(LensPlan plan) {
        int perPosition = plan.targets().size();
        var ids = new int[plan.positions().length * perPosition];
        for (int i = 0; i < ids.length; i++) {
            PlannedTarget target = plan.targets().get(i % perPosition);
            int next = plan.positions()[i / perPosition] + 1;
            if (target.target() instanceof NextToken) {
                ids[i] = next < plan.tokenIds().length ? plan.tokenIds()[next] : -1;
            } else {
                ids[i] = target.target() instanceof FinalTop
                        ? -1
                        : target.tokenIds().get(0);
            }
        }
        return ids;
    }

    /** The model's own top-1 has rank 1 in the model's own output. */
    private static void fillFinalTop(LensPlan plan, int[] targetIds, LayerArrays layer) {
        int perPosition = plan.targets().size();
        for (int i = 0; i < targetIds.length; i++) {
            if (plan.targets().get(i % perPosition).target() instanceof FinalTop) {
                int best = i / perPosition * plan.topK();
                targetIds[i] = layer.topIds[best];
                layer.targetRanks[i] = 1;
                layer.targetLogProbs[i] = layer.topLogProbs[best];
            }
        }
    }

    private static FinalTargets finalTargets(LensPlan plan, int[] targetIds, LayerArrays layer) {
        int positions = plan.positions().length;
        var topIds = new int[positions];
        var topLogProbs = new float[positions];
        for (int j = 0; j < positions; j++) {
            topIds[j] = layer.topIds[j * plan.topK()];
            topLogProbs[j] = layer.topLogProbs[j * plan.topK()];
        }
        return new FinalTargets(topIds, topLogProbs, targetIds);
    }
}
