package dev.stratalens.engine.architecture.weight;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The place of a weight of the generic block in a checkpoint: a stored tensor and some of its outputs. A matrix of the
 * block is always [outputs, inputs]; a stored one may be transposed, or hold several matrices.
 *
 * @param tensor stored name, without the family's prefix
 * @param storedShape required shape of the stored tensor
 * @param orientation order of a stored matrix
 * @param outputs the outputs of the weight
 * @param presence whether the file must have it
 * @param slice index along the first dimension, if the stored tensor holds several matrices or vectors
 * @param otherwise its place in files without the tensor
 */
public record WeightSource(
        String tensor,
        List<Long> storedShape,
        Orientation orientation,
        Outputs outputs,
        Presence presence,
        OptionalInt slice,
        Optional<WeightSource> otherwise) {

    /** Order of a stored matrix. */
    public enum Orientation {
        /** [outputs, inputs], as of a linear layer. */
        OUTPUTS_FIRST,
        /** [inputs, outputs], as of GPT-2's Conv1D. */
        INPUTS_FIRST
    }

    /** Whether the file must have the tensor. */
    public enum Presence {
        /** The file is refused without it. */
        REQUIRED,
        /** May be absent. */
        OPTIONAL
    }

    /**
     * Outputs of a part: {@code count} of them, in groups {@code stride} apart, the first at {@code first}. A
     * contiguous part is one group.
     */
    public record Outputs(long first, long count, int groups, long stride) {}

    /** Copies the shape. */
    public WeightSource {
        storedShape = List.copyOf(storedShape);
    }

    /** A whole tensor, stored as the block uses it. */
    public static WeightSource whole(String tensor, Long... shape) {
        return of(tensor, List.of(shape), Orientation.OUTPUTS_FIRST, shape.length == 0 ? 1 : shape[0]);
    }

    /** A whole matrix, stored transposed. */
    public static WeightSource transposed(String tensor, long outputs, long inputs) {
        return of(tensor, List.of(inputs, outputs), Orientation.INPUTS_FIRST, outputs);
    }

    private static WeightSource of(String tensor, List<Long> shape, Orientation orientation, long outputs) {
        return new WeightSource(
                tensor,
                shape,
                orientation,
                new Outputs(0, outputs, 1, outputs),
                Presence.REQUIRED,
                OptionalInt.empty(),
                Optional.empty());
    }

    /** Some of the outputs. */
    public WeightSource part(Outputs part) {
        return new WeightSource(tensor, storedShape, orientation, part, presence, slice, otherwise);
    }

    /** The same as one of several in one tensor, along a new first dimension. */
    public WeightSource slice(int index, int count) {
        var stacked = new ArrayList<Long>(List.of((long) count));
        stacked.addAll(storedShape);
        return new WeightSource(
                tensor,
                stacked,
                orientation,
                outputs,
                presence,
                OptionalInt.of(index),
                otherwise.map(other -> other.slice(index, count)));
    }

    /** The same, with another place for files that lack this one. */
    public WeightSource or(WeightSource other) {
        return new WeightSource(tensor, storedShape, orientation, outputs, presence, slice, Optional.of(other));
    }

    /** The same with the placeholders in the names replaced. */
    public WeightSource named(String placeholder, String replacement) {
        return new WeightSource(
                tensor.replace(placeholder, replacement),
                storedShape,
                orientation,
                outputs,
                presence,
                slice,
                otherwise.map(other -> other.named(placeholder, replacement)));
    }

    /** The same, but it may be absent. */
    public WeightSource optional() {
        return new WeightSource(tensor, storedShape, orientation, outputs, Presence.OPTIONAL, slice, otherwise);
    }
}
