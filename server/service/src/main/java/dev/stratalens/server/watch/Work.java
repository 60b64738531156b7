package dev.stratalens.server.watch;

import dev.stratalens.engine.lens.plan.LensPlan;
import java.time.Duration;

/**
 * What was computed for a request.
 *
 * @param tokens of the prompt
 * @param generated tokens after it
 * @param queued time before it ran
 * @param forward time in the forward pass
 * @param lens time in the lens
 */
public record Work(
        int tokens,
        int generated,
        int lenses,
        int layers,
        long cells,
        Duration queued,
        Duration forward,
        Duration lens) {

    /** Of a plan that begins to run. */
    public static Work begun(LensPlan plan, Duration queued) {
        return new Work(
                plan.tokenIds().length,
                0,
                plan.lenses().size(),
                plan.readPoints().size(),
                plan.cellCount(),
                queued,
                Duration.ZERO,
                Duration.ZERO);
    }

    Work computed(Duration inForward, Duration inLens) {
        return new Work(tokens, generated, lenses, layers, cells, queued, inForward, inLens);
    }

    /** One more generated token. */
    Work generated(long itsCells) {
        return new Work(tokens, generated + 1, lenses, layers, cells + itsCells, queued, forward, lens);
    }

    /** Whether it was computed to its end. */
    public boolean isComplete() {
        return !forward.isZero() || !lens.isZero();
    }
}
