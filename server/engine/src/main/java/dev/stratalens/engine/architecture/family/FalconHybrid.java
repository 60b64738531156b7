package dev.stratalens.engine.architecture.family;

import dev.stratalens.engine.architecture.ArchitectureBuilder;
import dev.stratalens.engine.architecture.GatedUnit;
import dev.stratalens.engine.architecture.HeadForm;
import dev.stratalens.engine.architecture.MixerWeights;
import dev.stratalens.engine.architecture.NormKind;
import dev.stratalens.engine.architecture.Slot;
import dev.stratalens.engine.architecture.mixer.Mamba2.GatedNorm;
import dev.stratalens.engine.architecture.mixer.ParallelMixers.Factors;
import dev.stratalens.engine.checkpoint.HfConfig;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Falcon-H1: attention and a state space side by side in every block, with factors everywhere. */
final class FalconHybrid {

    static final Map<String, Function<HfConfig, ArchitectureBuilder>> ROWS = Map.of("falcon_h1", FalconHybrid::falcon);

    private FalconHybrid() {}

    private static ArchitectureBuilder falcon(HfConfig config) {
        ArchitectureBuilder builder = LlamaFamilies.attentionBias(LlamaFamilies.base(config), false);
        Reading.refuse(config, "mlp_bias", true);
        Reading.onlyActivation(config, "hidden_act", "silu");
        Mamba2Sizes sizes = sizes(config, builder.extents().hidden());
        double epsilon = config.number("rms_norm_eps", 1e-5);
        boolean normFirst = config.bool("mamba_norm_before_gate", true);
        List<Double> ofUnit = factors(config, "mlp_multipliers", 2);
        double scale = config.number("key_multiplier", 1)
                / Math.sqrt(builder.extents().checked(config).headSize());
        return StateSpaceFamilies.feedForwardBehind(builder)
                .keyValueHeadsByDefault(8)
                .norm(NormKind.RMS_NORM, epsilon)
                .attentionScale(block -> scale)
                .gatedUnit(new GatedUnit(0, 0, ofUnit.get(0), ofUnit.get(1)))
                .embeddingMultiplier(config.number("embedding_multiplier", 1))
                .head(new HeadForm(config.number("lm_head_multiplier", 1), 0))
                .besideAttention(
                        sizes.mixer(config, new GatedNorm(epsilon, sizes.groups(), !normFirst)),
                        new Factors(
                                config.number("attention_in_multiplier", 1),
                                config.number("attention_out_multiplier", 1),
                                config.number("ssm_in_multiplier", 1),
                                config.number("ssm_out_multiplier", 1),
                                factors(config, "ssm_multipliers", 5)),
                        weights(config, sizes));
    }

    private static List<Double> factors(HfConfig config, String key, int count) {
        List<Double> factors = config.optionalNumbers(key).orElseGet(() -> Collections.nCopies(count, 1.0));
        if (factors.size() != count) {
            throw config.invalid(key, factors.size() + " numbers", String.valueOf(count));
        }
        return factors;
    }

    /** Null for the width of the channels means a multiple of the hidden size; a missing key means the class default. */
    private static Mamba2Sizes sizes(HfConfig config, int hidden) {
        int wide = config.integer("mamba_expand", 2) * hidden;
        int inner = config.names("mamba_d_ssm") ? config.integer("mamba_d_ssm", wide) : 1024;
        return Mamba2Sizes.of(config, hidden, inner);
    }

    private static MixerWeights weights(HfConfig config, Mamba2Sizes sizes) {
        MixerWeights weights = sizes.weights(
                        "layers.{}.mamba.", config.integer("mamba_d_conv", 4), config.bool("mamba_conv_bias", true))
                .product(
                        Slot.MIXER_INPUT,
                        "in_proj",
                        sizes.inputs(),
                        sizes.hidden(),
                        config.bool("mamba_proj_bias", false))
                .product(
                        Slot.MIXER_OUTPUT,
                        "out_proj",
                        sizes.hidden(),
                        sizes.inner(),
                        config.bool("projectors_bias", false));
        return config.bool("mamba_rms_norm", false)
                ? weights.tensor(Slot.weight(Slot.MIXER_NORM), "norm.weight", sizes.inner())
                : weights;
    }
}
