package dev.stratalens.engine.architecture.weight;

import dev.stratalens.engine.architecture.weight.WeightSource.Outputs;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;

/**
 * Places of the weights of a block's mixture of experts. {@code {}} in a stored name stands for the block's number,
 * {@code {expert}} for the expert's. Experts that share a tensor are views of it.
 */
public final class MixtureWeights {

    private static final String EXPERT = "{expert}";

    private final Map<String, WeightSource> slots = new HashMap<>();
    private final long hidden;
    private final int experts;
    private final long inner;
    private long expertWidth;
    private int widest;

    /**
     * Starts without any.
     *
     * @param hidden width d of the residual stream
     * @param experts E
     * @param inner width of an expert's feed-forward
     */
    public MixtureWeights(int hidden, int experts, int inner) {
        this.hidden = hidden;
        this.expertWidth = hidden;
        this.experts = experts;
        this.inner = inner;
        this.widest = inner;
    }

    /** The router's product [E, d]. */
    public MixtureWeights router(String name) {
        return put(Slot.weight(Slot.ROUTER), matrix(name, experts, hidden));
    }

    /** The same under a name that transformers 5 changes in memory. */
    public MixtureWeights router(String name, String nameInMemory) {
        return put(Slot.weight(Slot.ROUTER), matrix(name, experts, hidden).or(matrix(nameInMemory, experts, hidden)));
    }

    /** A bias of the router's product. */
    public MixtureWeights routerBias(String tensor) {
        return put(Slot.bias(Slot.ROUTER), WeightSource.whole(tensor, (long) experts));
    }

    /** A bias on the scores when experts are chosen. */
    public MixtureWeights scoreCorrection(WeightSource tensor) {
        return put(Slot.bias(Slot.SCORE_CORRECTION), tensor);
    }

    /** The same, a vector [E]. */
    public MixtureWeights scoreCorrection(String tensor) {
        return scoreCorrection(WeightSource.whole(tensor, (long) experts));
    }

    /** The same under a name that transformers 5 changes in memory. */
    public MixtureWeights scoreCorrection(String tensor, String tensorInMemory) {
        return scoreCorrection(
                WeightSource.whole(tensor, (long) experts).or(WeightSource.whole(tensorInMemory, (long) experts)));
    }

    private MixtureWeights put(String tensor, WeightSource source) {
        slots.put(tensor, source);
        return this;
    }

    private static WeightSource matrix(String name, long outputs, long inputs) {
        return WeightSource.whole(name + ".weight", outputs, inputs);
    }

    /**
     * Products of each expert under separate names; or, in files written from the memory layout of transformers 5,
     * those of all experts in two tensors.
     *
     * @param folder of the experts
     * @param folderInMemory of {@code gate_up_proj} and {@code down_proj}
     * @param gate name after the expert's number
     */
    public MixtureWeights each(String folder, String folderInMemory, String gate, String up, String down) {
        stacked(folderInMemory + ".gate_up_proj", folderInMemory + ".down_proj");
        String expert = folder + "." + EXPERT + ".";
        putEach(Slot.GATE, matrix(expert + gate, inner, hidden));
        putEach(Slot.UP, matrix(expert + up, inner, hidden));
        putEach(Slot.DOWN, matrix(expert + down, hidden, inner));
        return this;
    }

    private void putEach(String slot, WeightSource source) {
        for (int expert = 0; expert < experts; expert++) {
            String number = String.valueOf(expert);
            slots.computeIfPresent(
                    Slot.weight(Slot.ofExpert(expert, slot)),
                    (key, stacked) -> source.named(EXPERT, number).or(stacked));
        }
    }

    /** Products of all experts in two tensors: gate above up [E, 2 inner, d], down [E, d, inner]. The first names that a file has count. */
    public MixtureWeights stacked(String gateUp, String down) {
        WeightSource both = WeightSource.whole(gateUp, 2 * inner, hidden);
        putStacked(Slot.weight(Slot.GATE), both.part(new Outputs(0, inner, 1, inner)));
        putStacked(Slot.weight(Slot.UP), both.part(new Outputs(inner, inner, 1, inner)));
        putStacked(Slot.weight(Slot.DOWN), WeightSource.whole(down, hidden, inner));
        return this;
    }

    /** Products of each expert under separate names, with biases. */
    public MixtureWeights eachBiased(String folder, String gate, String up, String down) {
        for (int expert = 0; expert < experts; expert++) {
            String name = folder + "." + expert + ".";
            putBiased(Slot.ofExpert(expert, Slot.GATE), name + gate, inner, hidden);
            putBiased(Slot.ofExpert(expert, Slot.UP), name + up, inner, hidden);
            putBiased(Slot.ofExpert(expert, Slot.DOWN), name + down, hidden, inner);
        }
        return this;
    }

    private void putBiased(String slot, String name, long outputs, long inputs) {
        put(Slot.weight(slot), matrix(name, outputs, inputs));
        put(Slot.bias(slot), WeightSource.whole(name + ".bias", outputs));
    }

    /**
     * Products of all experts in two tensors, inputs first, with biases: gate and up interleaved [E, d, 2 inner], down
     * [E, inner, d]. The names of biases end in {@code _bias}. Weights quantized in blocks are outputs first, and their
     * names end in {@code _blocks}.
     */
    public MixtureWeights stackedInputsFirst(String gateUp, String down) {
        putStacked(Slot.weight(Slot.INTERLEAVED_GATE_UP), eitherOrder(gateUp, 2 * inner, hidden));
        putStacked(Slot.bias(Slot.INTERLEAVED_GATE_UP), WeightSource.whole(gateUp + "_bias", 2 * inner));
        putStacked(Slot.weight(Slot.DOWN), eitherOrder(down, hidden, inner));
        putStacked(Slot.bias(Slot.DOWN), WeightSource.whole(down + "_bias", hidden));
        return this;
    }

    /** The same, inputs first: gate before up [E, d, 2 inner], down [E, inner, d]. */
    public MixtureWeights stackedTransposed(String gateUp, String down) {
        WeightSource both = WeightSource.transposed(gateUp, 2 * inner, hidden);
        putStacked(Slot.weight(Slot.GATE), both.part(new Outputs(0, inner, 1, inner)));
        putStacked(Slot.weight(Slot.UP), both.part(new Outputs(inner, inner, 1, inner)));
        putStacked(Slot.weight(Slot.DOWN), WeightSource.transposed(down, hidden, inner));
        return this;
    }

    private static WeightSource eitherOrder(String name, long outputs, long inputs) {
        return WeightSource.transposed(name, outputs, inputs).or(WeightSource.whole(name + "_blocks", outputs, inputs));
    }

    private void putStacked(String tensor, WeightSource source) {
        for (int expert = 0; expert < experts; expert++) {
            slots.merge(Slot.ofExpert(expert, tensor), source.slice(expert, experts), WeightSource::or);
        }
    }

    /**
     * Products into and out of a narrower vector, between which the experts are; none for 0. The shared expert stays
     * outside.
     */
    public MixtureWeights narrowed(String into, String outOf, int width) {
        if (width == 0) {
            return this;
        }
        expertWidth = width;
        return put(Slot.weight(Slot.EXPERTS_INPUT), matrix(into, width, hidden))
                .put(Slot.weight(Slot.EXPERTS_OUTPUT), matrix(outOf, hidden, width));
    }

    /** Products of each expert, which has no gate. */
    public MixtureWeights eachUngated(String folder, String up, String down) {
        for (int expert = 0; expert < experts; expert++) {
            String name = folder + "." + expert + ".";
            put(Slot.weight(Slot.ofExpert(expert, Slot.UP)), matrix(name + up, inner, expertWidth));
            put(Slot.weight(Slot.ofExpert(expert, Slot.DOWN)), matrix(name + down, expertWidth, inner));
        }
        return this;
    }

    /** An expert that every token passes, without a gate; none for a width of 0. */
    public MixtureWeights sharedUngated(String folder, int sharedInner) {
        if (sharedInner == 0) {
            return this;
        }
        widest = Math.max(widest, sharedInner);
        return put(Slot.weight(Slot.ofSharedExpert(Slot.UP)), matrix(folder + ".up_proj", sharedInner, hidden))
                .put(Slot.weight(Slot.ofSharedExpert(Slot.DOWN)), matrix(folder + ".down_proj", hidden, sharedInner));
    }

    /** An expert that every token passes, with separate products; none for a width of 0. */
    public MixtureWeights shared(String folder, int sharedInner) {
        return shared(
                matrix(folder + ".gate_proj", sharedInner, hidden),
                matrix(folder + ".up_proj", sharedInner, hidden),
                matrix(folder + ".down_proj", hidden, sharedInner),
                sharedInner);
    }

    /** The same under other names behind the folder's. */
    public MixtureWeights shared(String folder, String gate, String up, String down, int sharedInner) {
        return shared(
                matrix(folder + "." + gate, sharedInner, hidden),
                matrix(folder + "." + up, sharedInner, hidden),
                matrix(folder + "." + down, hidden, sharedInner),
                sharedInner);
    }

    /** The same with gate above up in one tensor. */
    public MixtureWeights sharedFused(String gateUp, String down, int sharedInner) {
        WeightSource both = matrix(gateUp, 2L * sharedInner, hidden);
        return shared(
                both.part(new Outputs(0, sharedInner, 1, sharedInner)),
                both.part(new Outputs(sharedInner, sharedInner, 1, sharedInner)),
                matrix(down, hidden, sharedInner),
                sharedInner);
    }

    private MixtureWeights shared(WeightSource gate, WeightSource up, WeightSource down, int sharedInner) {
        if (sharedInner == 0) {
            return this;
        }
        widest = Math.max(widest, sharedInner);
        return put(Slot.weight(Slot.ofSharedExpert(Slot.GATE)), gate)
                .put(Slot.weight(Slot.ofSharedExpert(Slot.UP)), up)
                .put(Slot.weight(Slot.ofSharedExpert(Slot.DOWN)), down);
    }

    /** A gate on the output of the shared expert. */
    public MixtureWeights sharedGate(String name) {
        return put(Slot.weight(Slot.SHARED_EXPERT_GATE), matrix(name, 1, hidden));
    }

    public Map<String, WeightSource> slots() {
        return Collections.unmodifiableMap(slots);
    }

    public int widest() {
        return widest;
    }
}
