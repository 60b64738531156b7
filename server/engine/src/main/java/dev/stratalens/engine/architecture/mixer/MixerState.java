package dev.stratalens.engine.architecture.mixer;

import dev.stratalens.engine.architecture.weight.Slot;
import dev.stratalens.engine.architecture.weight.WeightSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * How many numbers a prompt remembers for a block, at most.
 *
 * @param perToken in the compute type, for each token
 * @param fixed in float32, whatever the number of tokens
 */
public record MixerState(long perToken, long fixed) {

    /** Nothing is remembered. */
    public static final MixerState NONE = new MixerState(0, 0);

    /** The memory of two mixers in one block. */
    public MixerState plus(MixerState other) {
        return new MixerState(perToken + other.perToken, fixed + other.fixed);
    }

    /** The outputs of the products of a block, so many numbers a token. */
    public static MixerState ofEachToken(Map<String, WeightSource> weights, String... products) {
        return new MixerState(
                Arrays.stream(products)
                        .mapToLong(product -> outputs(weights, Slot.weight(product)))
                        .sum(),
                0);
    }

    /** The last inputs of the convolutions of a block, and further numbers. */
    static MixerState ofConvolutions(Map<String, WeightSource> weights, long further) {
        long inputs = weights.entrySet().stream()
                .filter(slot -> slot.getKey().endsWith(Slot.weight(Slot.CONVOLUTION)))
                .mapToLong(slot -> elements(slot.getValue()))
                .sum();
        return new MixerState(0, inputs + further);
    }

    /** Outputs of a weight; 0 if the block does not have it. */
    static long outputs(Map<String, WeightSource> weights, String slot) {
        WeightSource source = weights.get(slot);
        return source == null ? 0 : source.outputs().count();
    }

    /** Numbers of a weight; 0 if the block does not have it. */
    static long elements(Map<String, WeightSource> weights, String slot) {
        WeightSource source = weights.get(slot);
        return source == null ? 0 : elements(source);
    }

    /** Of its own outputs, of which a stored tensor may have more. */
    private static long elements(WeightSource source) {
        List<Long> shape = source.storedShape();
        return source.outputs().count() * shape.stream().skip(1).reduce(1L, (a, b) -> a * b);
    }
}
