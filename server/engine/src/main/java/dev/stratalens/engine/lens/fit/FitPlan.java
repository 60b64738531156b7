package dev.stratalens.engine.lens.fit;

import dev.stratalens.engine.checkpoint.StoredType;
import java.nio.file.Path;
import java.time.Duration;

/**
 * A lens to fit.
 *
 * @param model name of the model, for the lens to declare
 * @param revision of the model; empty if it is not known
 * @param settings further settings that the result depends on, in words
 * @param stored type of the numbers in the lens: F32, F16 or BF16
 * @param output directory of the lens, of its evaluation, and of the checkpoint meanwhile
 * @param saveEvery how much work a kill may cost
 */
public record FitPlan(
        FitKind kind,
        String model,
        String revision,
        String settings,
        StoredType stored,
        Path output,
        Duration saveEvery) {}
