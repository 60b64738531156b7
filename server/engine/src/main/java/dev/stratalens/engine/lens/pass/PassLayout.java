package dev.stratalens.engine.lens.pass;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Where the residual rows of a pass are kept: layer by layer, run by run, position by position. */
final class PassLayout {

    private final List<LensRun> runs;
    private final int[] layers;
    private final int positions;
    private final LensRun[] runOfPosition;

    /** @param lastBlock is kept whether asked for or not */
    PassLayout(List<LensRun> runs, int lastBlock) {
        this.runs = runs;
        this.layers = IntStream.concat(
                        runs.stream()
                                .flatMapToInt(run -> Arrays.stream(run.plan().layers())),
                        IntStream.of(lastBlock))
                .distinct()
                .sorted()
                .toArray();
        this.runOfPosition = runs.stream()
                .flatMap(run -> Stream.generate(() -> run).limit(run.positions()))
                .toArray(LensRun[]::new);
        this.positions = runOfPosition.length;
    }

    List<LensRun> runs() {
        return runs;
    }

    /** Kept layers, ascending. */
    int[] layers() {
        return layers;
    }

    /** Positions of all runs. */
    int positions() {
        return positions;
    }

    /** Rows of all layers. */
    int rows() {
        return Math.multiplyExact(layers.length, positions);
    }

    /** The run of a position among all runs'. */
    LensRun run(int position) {
        return runOfPosition[position];
    }

    /** First row of a layer, which must be kept. */
    int firstRow(int layer) {
        return Arrays.binarySearch(layers, layer) * positions;
    }

    /** The cell of a run. */
    Cell cell(LensRun run, int layerIndex, int position) {
        return new Cell(
                run, layerIndex, position, firstRow(run.plan().layers()[layerIndex]) + run.firstPosition() + position);
    }
}
