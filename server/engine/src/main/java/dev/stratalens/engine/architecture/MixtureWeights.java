package dev.stratalens.engine.architecture;

import dev.stratalens.engine.architecture.WeightSource.Outputs;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;

/**
 * Where the weights of a block's mixture of experts lie. {@code {}} in a stored name stands for the block's number, {@code
 * {expert}} for the expert's. Experts that share a tensor are views of it.
 */
public final class MixtureWeights {

    private static final String EXPERT = "{expert}";

    private final Map<String, WeightSource> slots = new HashMap<>();
    private final long hidden;
    private final int experts;
    private final long inner;
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
        this.experts = experts;
        this.inner = inner;
        this.widest = inner;
    }

    /** The router's product [E, d]. */
    public MixtureWeights router(String name) {
        slots.put(Slot.weight(Slot.ROUTER), WeightSource.whole(name + ".weight", (long) experts, hidden));
        return this;
    }

    /** The same under a name that transformers 5 changes in memory. */
    public MixtureWeights router(String name, String nameInMemory) {
        router(nameInMemory);
        slots.computeIfPresent(
                Slot.weight(Slot.ROUTER),
                (slot, inMemory) -> WeightSource.whole(name + ".weight", (long) experts, hidden)
                        .or(inMemory));
        return this;
    }

    /** A bias of the router's product. */
    public MixtureWeights routerBias(String tensor) {
        slots.put(Slot.bias(Slot.ROUTER), WeightSource.whole(tensor, (long) experts));
        return this;
    }

    /** A bias on the scores when experts are chosen. */
    public MixtureWeights scoreCorrection(WeightSource tensor) {
        slots.put(Slot.bias(Slot.SCORE_CORRECTION), tensor);
        return this;
    }

    /**
     * Products of each expert under names of their own; or, in files written as transformers 5 holds them in memory, those of
     * all experts in two tensors.
     *
     * @param folder of the experts
     * @param folderInMemory of {@code gate_up_proj} and {@code down_proj}
     * @param gate name behind the expert's number
     */
    public MixtureWeights each(String folder, String folderInMemory, String gate, String up, String down) {
        stacked(folderInMemory + ".gate_up_proj", folderInMemory + ".down_proj");
        String expert = folder + "." + EXPERT + ".";
        putEach(Slot.GATE, WeightSource.whole(expert + gate + ".weight", inner, hidden));
        putEach(Slot.UP, WeightSource.whole(expert + up + ".weight", inner, hidden));
        putEach(Slot.DOWN, WeightSource.whole(expert + down + ".weight", hidden, inner));
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

    /** Products of all experts in two tensors: gate above up [E, 2 inner, d], down [E, d, inner]. */
    public MixtureWeights stacked(String gateUp, String down) {
        WeightSource both = WeightSource.whole(gateUp, 2 * inner, hidden);
        putStacked(Slot.weight(Slot.GATE), both.part(new Outputs(0, inner, 1, inner)));
        putStacked(Slot.weight(Slot.UP), both.part(new Outputs(inner, inner, 1, inner)));
        putStacked(Slot.weight(Slot.DOWN), WeightSource.whole(down, hidden, inner));
        return this;
    }

    /**
     * Products of all experts in two tensors, inputs first, with biases: gate and up interleaved [E, d, 2 inner], down [E,
     * inner, d]. The biases' names end in {@code _bias}; quantised in blocks they are outputs first, and so do theirs in
     * {@code _blocks}.
     */
    public MixtureWeights stackedInputsFirst(String gateUp, String down) {
        putStacked(Slot.weight(Slot.INTERLEAVED_GATE_UP), eitherOrder(gateUp, 2 * inner, hidden));
        putStacked(Slot.bias(Slot.INTERLEAVED_GATE_UP), WeightSource.whole(gateUp + "_bias", 2 * inner));
        putStacked(Slot.weight(Slot.DOWN), eitherOrder(down, hidden, inner));
        putStacked(Slot.bias(Slot.DOWN), WeightSource.whole(down + "_bias", hidden));
        return this;
    }

    private static WeightSource eitherOrder(String name, long outputs, long inputs) {
        return WeightSource.transposed(name, outputs, inputs).or(WeightSource.whole(name + "_blocks", outputs, inputs));
    }

    private void putStacked(String tensor, WeightSource source) {
        for (int expert = 0; expert < experts; expert++) {
            slots.put(Slot.ofExpert(expert, tensor), source.slice(expert, experts));
        }
    }

    /** An expert that every token passes, with products of its own. */
    public MixtureWeights shared(String folder, int sharedInner) {
        long width = sharedInner;
        putShared(Slot.GATE, WeightSource.whole(folder + ".gate_proj.weight", width, hidden));
        putShared(Slot.UP, WeightSource.whole(folder + ".up_proj.weight", width, hidden));
        putShared(Slot.DOWN, WeightSource.whole(folder + ".down_proj.weight", hidden, width));
        widest = Math.max(widest, sharedInner);
        return this;
    }

    /** The same with gate above up in one tensor. */
    public MixtureWeights sharedFused(String gateUp, String down, int sharedInner) {
        long width = sharedInner;
        WeightSource both = WeightSource.whole(gateUp + ".weight", 2 * width, hidden);
        putShared(Slot.GATE, both.part(new Outputs(0, width, 1, width)));
        putShared(Slot.UP, both.part(new Outputs(width, width, 1, width)));
        putShared(Slot.DOWN, WeightSource.whole(down + ".weight", hidden, width));
        widest = Math.max(widest, sharedInner);
        return this;
    }

    private void putShared(String slot, WeightSource source) {
        slots.put(Slot.weight(Slot.ofSharedExpert(slot)), source);
    }

    /** A gate on that expert's output. */
    public MixtureWeights sharedGate(String name) {
        slots.put(Slot.weight(Slot.SHARED_EXPERT_GATE), WeightSource.whole(name + ".weight", 1L, hidden));
        return this;
    }

    Map<String, WeightSource> slots() {
        return Collections.unmodifiableMap(slots);
    }

    int widest() {
        return widest;
    }
}
