package dev.stratalens.engine.lens.pass;

import dev.stratalens.engine.lens.plan.LensPlan.Normalisation;
import dev.stratalens.engine.lens.plan.LensTarget;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The cells of a pass in blocks that are projected together. Rows of the model's output and of many layers are stacked,
 * because for short prompts the cost is reading the unembedding.
 */
final class CellBlocks {

    private final PassLayout layout;
    private final List<Cell> output;
    private final boolean outputStandsAlone;
    private final int rowLimit;
    private int outputDone;
    private Normalisation normalisation = Normalisation.FINAL_NORM;
    private int layer;
    private int position;

    /**
     * Cells that are projected together.
     *
     * @param output cells of the model's output
     * @param layers cells of layers after it, all of one normalisation
     */
    record Block(List<Cell> output, List<Cell> layers, Normalisation normalisation) {

        int size() {
            return output.size() + layers.size();
        }

        boolean isEmpty() {
            return size() == 0;
        }
    }

    /** All cells of a pass. */
    CellBlocks(PassLayout layout, int lastBlock, int rowLimit) {
        this.layout = layout;
        this.rowLimit = rowLimit;
        int firstRow = layout.firstRow(lastBlock);
        this.output = IntStream.range(0, layout.positions())
                .mapToObj(place -> {
                    LensRun run = layout.run(place);
                    return new Cell(run, -1, place - run.firstPosition(), firstRow + place);
                })
                .toList();
        // A target that only the output tells must be known before any other layer is read.
        this.outputStandsAlone = layout.runs().stream()
                .flatMap(run -> run.plan().targets().stream())
                .anyMatch(target -> target.target() instanceof LensTarget.FinalTop);
    }

    /** The next block: the model's output first, then layer by layer; empty at the end. */
    Block next() {
        int count = Math.min(output.size() - outputDone, blockSize(output.size() - outputDone));
        List<Cell> first = output.subList(outputDone, outputDone + count);
        outputDone += count;
        if (outputDone < output.size() || (outputStandsAlone && !first.isEmpty())) {
            return new Block(first, List.of(), normalisation);
        }
        List<Cell> layers = layers(blockSize(count + remaining()) - count);
        if (layers.isEmpty() && first.isEmpty() && normalisation == Normalisation.FINAL_NORM) {
            normalisation = Normalisation.NONE;
            layer = 0;
            layers = layers(blockSize(remaining()));
        }
        return new Block(first, layers, normalisation);
    }

    /** Blocks of about equal size, at most the limit. */
    private int blockSize(long cells) {
        long blocks = Math.max(1, (cells + rowLimit - 1) / rowLimit);
        return (int) ((cells + blocks - 1) / blocks);
    }

    private long remaining() {
        long cells = 0;
        for (int i = layer; i < layout.layers().length; i++) {
            int block = layout.layers()[i];
            int start = i == layer ? position : 0;
            cells += layout.runs().stream()
                    .filter(run -> isRead(run, block))
                    .mapToLong(run ->
                            run.positions() - Math.min(run.positions(), Math.max(0, start - run.firstPosition())))
                    .sum();
        }
        return cells;
    }

    private List<Cell> layers(int limit) {
        var cells = new ArrayList<Cell>();
        for (; layer < layout.layers().length; layer++, position = 0) {
            for (; position < layout.positions(); position++) {
                LensRun run = layout.run(position);
                int block = layout.layers()[layer];
                if (isRead(run, block) && run.isLive()) {
                    if (cells.size() >= limit) {
                        return cells;
                    }
                    cells.add(new Cell(
                            run,
                            run.layerIndex(block),
                            position - run.firstPosition(),
                            layer * layout.positions() + position));
                }
            }
        }
        return cells;
    }

    private boolean isRead(LensRun run, int block) {
        return run.plan().normalisation() == normalisation && run.reads(block);
    }
}
