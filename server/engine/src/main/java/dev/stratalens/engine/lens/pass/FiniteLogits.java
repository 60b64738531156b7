package dev.stratalens.engine.lens.pass;

import dev.stratalens.engine.checkpoint.DataType;
import dev.stratalens.engine.checkpoint.FiniteNumbers;
import dev.stratalens.engine.checkpoint.TensorInfo;
import dev.stratalens.engine.error.InvalidCheckpointException;
import dev.stratalens.engine.error.InvalidFieldException;
import dev.stratalens.engine.lens.plan.LensPlan;
import dev.stratalens.engine.model.CausalLanguageModel;
import java.util.List;
import java.util.Optional;

/** Refuses rows that are not a distribution, and finds the reason. */
public final class FiniteLogits {

    private final CausalLanguageModel model;
    private final List<TensorInfo> maps;
    private Optional<InvalidCheckpointException> reason = Optional.empty();

    /** @param maps tensors of the model's fitted lenses */
    public FiniteLogits(CausalLanguageModel model, List<TensorInfo> maps) {
        this.model = model;
        this.maps = List.copyOf(maps);
    }

    /**
     * Checks that a row's log-sum-exp is finite.
     *
     * @throws InvalidFieldException if the plan has interventions: they made the rows too large
     * @throws InvalidCheckpointException with the file that has NaN or infinity, or the type that overflows. The search
     *     reads all weights, once
     */
    void require(LensPlan plan, float logSumExp) {
        if (!Float.isFinite(logSumExp)) {
            if (!plan.interventions().isNone()) {
                throw InvalidFieldException.of(
                        "interventions",
                        InvalidFieldException.Problem.OUT_OF_RANGE,
                        "what they make of the rows",
                        "The logits of the changed pass are not finite. Use a smaller coefficient or vector.");
            }
            reason = reason.or(() -> Optional.of(findOut()));
            throw reason.get();
        }
    }

    private InvalidCheckpointException findOut() {
        Optional<TensorInfo> damaged = model.firstWeightThatIsNotFinite().or(() -> FiniteNumbers.firstWithout(maps));
        if (damaged.isPresent()) {
            String file = String.valueOf(damaged.get().file().getFileName());
            return new InvalidCheckpointException(
                    InvalidCheckpointException.Problem.CORRUPT,
                    file,
                    List.of(damaged.get().name()),
                    "The logits are not finite: tensor %s in %s holds NaN or infinity. Compare the file with its source, or download it again."
                            .formatted(damaged.get().name(), file));
        }
        DataType type = model.head().computeType();
        return new InvalidCheckpointException(
                InvalidCheckpointException.Problem.OVERFLOW,
                model.weightsFile(),
                List.of(),
                "The model's logits are not finite although all its weights are: the arithmetic overflows in %s. %s"
                        .formatted(
                                type,
                                type == DataType.FLOAT32
                                        ? "The weights of %s are too large to compute with; compare them with their source."
                                                .formatted(model.weightsFile())
                                        : "Load the model with compute type float32."));
    }
}
