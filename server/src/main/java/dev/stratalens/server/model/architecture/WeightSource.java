package dev.stratalens.server.model.architecture;

import java.util.List;

/**
 * Where a weight of the generic block lies in a checkpoint: a stored tensor, and which of its outputs. A matrix of the
 * block is always [outputs, inputs]; a stored one may be the other way round, or hold several matrices.
 *
 * @param tensor stored name, without the family's prefix
 * @param storedShape shape that the stored tensor must have
 * @param orientation order of a stored matrix
 * @param outputs which of its outputs
 * @param presence whether the file must hold it
 */
public record WeightSource(
        String tensor, List<Long> storedShape, Orientation orientation, Outputs outputs, Presence presence) {

    /** Order of a stored matrix. */
    public enum Orientation {
        /** [outputs, inputs], as of a linear layer. */
        OUTPUTS_FIRST,
        /** [inputs, outputs], as of GPT-2's Conv1D. */
        INPUTS_FIRST
    }

    /** Whether the file must hold the tensor. */
    public enum Presence {
        /** Refused without it. */
        REQUIRED,
        /** May be absent. */
        OPTIONAL
    }

    /**
     * Outputs of a part: {@code count} of them, in groups that lie {@code stride} apart, the first at {@code first}. A part
     * in one piece is one group.
     */
    public record Outputs(long first, long count, int groups, long stride) {}

    /** Copies the shape. */
    public WeightSource {
        storedShape = List.copyOf(storedShape);
    }

    /** A whole tensor, stored as the block uses it. */
    public static WeightSource whole(String tensor, Long... shape) {
        long outputs = shape.length == 0 ? 1 : shape[0];
        return new WeightSource(
                tensor,
                List.of(shape),
                Orientation.OUTPUTS_FIRST,
                new Outputs(0, outputs, 1, outputs),
                Presence.REQUIRED);
    }

    /** A whole matrix, stored transposed. */
    public static WeightSource transposed(String tensor, long outputs, long inputs) {
        return new WeightSource(
                tensor,
                List.of(inputs, outputs),
                Orientation.INPUTS_FIRST,
                new Outputs(0, outputs, 1, outputs),
                Presence.REQUIRED);
    }

    /** Some of the outputs. */
    public WeightSource part(Outputs part) {
        return new WeightSource(tensor, storedShape, orientation, part, presence);
    }

    /** The same, but it may be absent. */
    public WeightSource optional() {
        return new WeightSource(tensor, storedShape, orientation, outputs, Presence.OPTIONAL);
    }
}
