package dev.stratalens.engine.lens.fit;

import java.nio.file.Path;
import java.util.List;

/**
 * A lens that has been fitted.
 *
 * @param lens its file
 * @param evaluation the file of the gains
 * @param usedSequences sequences that it was fitted on, counting repetitions
 * @param evaluatedPositions positions of held-out text that the gains are means over
 * @param gains by read point, in order of depth; not modifiable
 */
public record FitResult(
        Path lens, Path evaluation, long usedSequences, long evaluatedPositions, List<LayerGain> gains) {

    /** Copies the list. */
    public FitResult {
        gains = List.copyOf(gains);
    }
}
