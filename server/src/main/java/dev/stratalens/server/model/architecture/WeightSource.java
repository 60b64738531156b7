package dev.stratalens.server.model.architecture;

import java.util.List;

/**
 * Where a weight of the generic block lies in a checkpoint: a stored tensor, and which of its outputs. A matrix of the
 * block is always [outputs, inputs]; a stored one may be the other way round, or hold several matrices one after another.
 *
 * @param tensor stored name, without the family's base prefix
 * @param storedShape shape that the stored tensor must have
 * @param orientation order of a stored matrix
 * @param firstOutput first output of the part
 * @param outputs outputs of the part
 * @param presence whether the file must hold it
 */
public record WeightSource(
        String tensor,
        List<Long> storedShape,
        Orientation orientation,
        long firstOutput,
        long outputs,
        Presence presence) {

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

    /** Copies the shape. */
    public WeightSource {
        storedShape = List.copyOf(storedShape);
    }

    /** A whole matrix, stored as the block uses it. */
    static WeightSource matrix(String tensor, long outputs, long inputs) {
        return new WeightSource(
                tensor, List.of(outputs, inputs), Orientation.OUTPUTS_FIRST, 0, outputs, Presence.REQUIRED);
    }

    /** A whole matrix, stored transposed. */
    static WeightSource transposed(String tensor, long outputs, long inputs) {
        return new WeightSource(
                tensor, List.of(inputs, outputs), Orientation.INPUTS_FIRST, 0, outputs, Presence.REQUIRED);
    }

    /** A whole vector. */
    static WeightSource vector(String tensor, long size) {
        return new WeightSource(tensor, List.of(size), Orientation.OUTPUTS_FIRST, 0, size, Presence.REQUIRED);
    }

    /** One of several equal parts of the outputs. */
    WeightSource part(int index, int count) {
        return new WeightSource(tensor, storedShape, orientation, index * (outputs / count), outputs / count, presence);
    }

    /** The same, but it may be absent. */
    WeightSource optional() {
        return new WeightSource(tensor, storedShape, orientation, firstOutput, outputs, Presence.OPTIONAL);
    }
}
