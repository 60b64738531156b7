package dev.stratalens.engine.architecture.weight;

import dev.stratalens.engine.architecture.weight.WeightSource.Outputs;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.LongStream;

/**
 * Places of a block's weights with shapes of their own, such as those of a mixer. {@code {}} in a stored name stands for the
 * block's number.
 */
public final class MixerWeights {

    private final Map<String, WeightSource> slots = new LinkedHashMap<>();
    private final String folder;

    /** @param folder beginning of every stored name */
    public MixerWeights(String folder) {
        this.folder = folder;
    }

    /** Applies a change that several mixers share. */
    public MixerWeights with(UnaryOperator<MixerWeights> change) {
        return change.apply(this);
    }

    /** A product, [outputs, inputs]. */
    public MixerWeights product(String slot, String name, long outputs, long inputs) {
        return tensor(Slot.weight(slot), name + ".weight", outputs, inputs);
    }

    /** A product with a bias if {@code biased}. */
    public MixerWeights product(String slot, String name, long outputs, long inputs, boolean biased) {
        product(slot, name, outputs, inputs);
        return biased ? tensor(Slot.bias(slot), name + ".bias", outputs) : this;
    }

    /** A norm. */
    public MixerWeights norm(String slot, String name, long size) {
        return tensor(Slot.weight(slot), name + ".weight", size);
    }

    /** A norm that has one of two names. */
    public MixerWeights norm(String slot, String name, String otherName, long size) {
        return either(Slot.weight(slot), name + ".weight", otherName + ".weight", size);
    }

    /** A causal convolution of each channel, [channels, 1, taps], with a bias if {@code biased}. */
    public MixerWeights convolution(String name, long channels, long taps, boolean biased) {
        tensor(Slot.weight(Slot.CONVOLUTION), name + ".weight", channels, 1, taps);
        return biased ? tensor(Slot.bias(Slot.CONVOLUTION), name + ".bias", channels) : this;
    }

    /** A part of a tensor that holds several. */
    public record Part(String slotTensor, long outputs) {}

    /**
     * Several parts in one tensor: groups one after another, each with its share of every part in the given order.
     *
     * @param inner sizes behind the outputs
     */
    public MixerWeights parts(String name, int groups, List<Part> parts, long... inner) {
        long total = parts.stream().mapToLong(Part::outputs).sum();
        long[] shape =
                LongStream.concat(LongStream.of(total), LongStream.of(inner)).toArray();
        long first = 0;
        for (Part part : parts) {
            var outputs = new Outputs(first, part.outputs(), groups, total / groups);
            put(part.slotTensor(), whole(name, shape).part(outputs));
            first += part.outputs() / groups;
        }
        return this;
    }

    /** A tensor that has one of two names. */
    public MixerWeights either(String slotTensor, String name, String otherName, long... shape) {
        return put(slotTensor, whole(name, shape).or(whole(otherName, shape)));
    }

    /** A tensor that a file may lack. */
    public MixerWeights optional(String slotTensor, String name, long... shape) {
        return put(slotTensor, whole(name, shape).optional());
    }

    /** Any tensor. */
    public MixerWeights tensor(String slotTensor, String name, long... shape) {
        return put(slotTensor, whole(name, shape));
    }

    /** Removes a part. */
    public MixerWeights without(String slot) {
        slots.remove(Slot.weight(slot));
        slots.remove(Slot.bias(slot));
        return this;
    }

    private WeightSource whole(String name, long... shape) {
        return WeightSource.whole(folder + name, LongStream.of(shape).boxed().toArray(Long[]::new));
    }

    private MixerWeights put(String slotTensor, WeightSource source) {
        slots.put(slotTensor, source);
        return this;
    }

    /** By slot. */
    public Map<String, WeightSource> slots() {
        return Collections.unmodifiableMap(slots);
    }
}
