package dev.stratalens.engine.architecture.family.hybrid;

import dev.stratalens.engine.architecture.mixer.Mamba2;
import dev.stratalens.engine.architecture.mixer.Mamba2.GatedNorm;
import dev.stratalens.engine.architecture.weight.MixerWeights;
import dev.stratalens.engine.architecture.weight.Slot;
import dev.stratalens.engine.checkpoint.HfConfig;
import java.util.List;

/**
 * Sizes of a block with a state for each head.
 *
 * @param hidden width of the residual stream
 * @param heads number of states
 * @param inner channels of all heads
 * @param stateSize N
 * @param groups of heads with common inputs and outputs of their states
 */
public record Mamba2Sizes(int hidden, int heads, long inner, int stateSize, int groups) {

    Mamba2Sizes checked(HfConfig config) {
        if (heads % groups != 0) {
            throw config.invalid("n_groups", groups, "a divisor of the heads, " + heads);
        }
        return this;
    }

    /** Reads a number of heads and their size, under given keys. */
    static Mamba2Sizes ofHeads(HfConfig config, int hidden, String headsKey, String sizeKey, String stateKey) {
        int heads = config.integer(headsKey, 128);
        long inner = (long) heads * config.integer(sizeKey, 64);
        return new Mamba2Sizes(hidden, heads, inner, config.integer(stateKey, 128), config.integer("n_groups", 8))
                .checked(config);
    }

    /** Reads the keys of hybrids of Llama. */
    static Mamba2Sizes of(HfConfig config, int hidden) {
        return of(config, hidden, (long) config.integer("mamba_expand", 2) * hidden);
    }

    /** Reads them but for the channels of all heads. */
    static Mamba2Sizes of(HfConfig config, int hidden, long inner) {
        int heads = config.integer("mamba_n_heads", 128);
        if (inner % heads != 0) {
            throw config.invalid("mamba_n_heads", heads, "a divisor of the inner width, " + inner);
        }
        return new Mamba2Sizes(
                        hidden, heads, inner, config.integer("mamba_d_state", 256), config.integer("mamba_n_groups", 1))
                .checked(config);
    }

    /** All weights. */
    MixerWeights weights(String folder, int taps, boolean convolutionBiased, boolean biased) {
        return convolved(folder, taps, convolutionBiased)
                .product(Slot.MIXER_INPUT, "in_proj", inner + channels() + heads, hidden, biased)
                .product(Slot.MIXER_OUTPUT, "out_proj", hidden, inner, biased)
                .norm(Slot.MIXER_NORM, "norm", inner);
    }

    private MixerWeights convolved(String folder, int taps, boolean convolutionBiased) {
        return new MixerWeights(folder)
                .convolution("conv1d", channels(), taps, convolutionBiased)
                .tensor(Slot.DECAY_LOG, "A_log", heads)
                .tensor(Slot.DECAY_BIAS, "dt_bias", heads)
                .tensor(Slot.STATE_SKIP, "D", heads);
    }

    private long channels() {
        return inner + 2L * groups * stateSize;
    }

    /** All weights, by the keys of Mamba-2 itself. */
    MixerWeights ownWeights(HfConfig config, String folder) {
        return weights(
                folder,
                config.integer("conv_kernel", 4),
                config.bool("use_conv_bias", true),
                config.bool("use_bias", false));
    }

    /** All weights, by the keys of hybrids of Llama. */
    MixerWeights weights(HfConfig config) {
        return weights(
                "layers.{}.mamba.",
                config.integer("mamba_d_conv", 4),
                config.bool("mamba_conv_bias", true),
                config.bool("mamba_proj_bias", false));
    }

    /** With the limits of time steps in the file, and a norm of each group of channels after the gate. */
    Mamba2 mixer(HfConfig config, double epsilon) {
        return mixer(config, new GatedNorm(epsilon, groups, true));
    }

    /** With a least time step alone: the limits in the file do not count here. */
    Mamba2 mixerOfLeastStep(HfConfig config, double epsilon) {
        double least = config.number("time_step_min", 0.001);
        return new Mamba2(stateSize, groups, least, Double.POSITIVE_INFINITY, new GatedNorm(epsilon, groups, true));
    }

    /** With the limits of time steps in the file. */
    Mamba2 mixer(HfConfig config, GatedNorm norm) {
        List<Double> limits =
                config.numbersOrInfinity("time_step_limit").orElse(List.of(0.0, Double.POSITIVE_INFINITY));
        if (limits.size() != 2) {
            throw config.invalid("time_step_limit", limits, "a least and a largest step");
        }
        return new Mamba2(stateSize, groups, limits.get(0), limits.get(1), norm);
    }
}
