package dev.stratalens.engine.architecture.family.hybrid;

import dev.stratalens.engine.architecture.ArchitectureBuilder;
import dev.stratalens.engine.architecture.GatedUnit;
import dev.stratalens.engine.architecture.HeadForm;
import dev.stratalens.engine.architecture.NormKind;
import dev.stratalens.engine.architecture.family.dense.LlamaFamilies;
import dev.stratalens.engine.architecture.family.key.Reading;
import dev.stratalens.engine.architecture.mixer.Mamba2.GatedNorm;
import dev.stratalens.engine.architecture.mixer.ParallelMixers.Factors;
import dev.stratalens.engine.architecture.weight.MixerWeights;
import dev.stratalens.engine.architecture.weight.Slot;
import dev.stratalens.engine.checkpoint.HfConfig;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Falcon-H1: attention and a state space side by side in every block, with factors everywhere. */
public final class FalconHybrid {

    public static final Map<String, Function<HfConfig, ArchitectureBuilder>> ROWS =
            Map.of("falcon_h1", FalconHybrid::falcon);

    private FalconHybrid() {}

    private static ArchitectureBuilder falcon(HfConfig config) {
        ArchitectureBuilder builder = LlamaFamilies.base(config).attentionBiasByDefault(false);
        Reading.refuse(config, "mlp_bias", true);
        Reading.onlyActivation(config, "hidden_act", "silu");
        int hidden = builder.extents().hidden();
        // Null means a multiple of the hidden size, and a missing key the class default.
        int wide = config.integer("mamba_expand", 2) * hidden;
        int inner = config.names("mamba_d_ssm") ? config.integer("mamba_d_ssm", wide) : 1024;
        Mamba2Sizes sizes = Mamba2Sizes.of(config, hidden, inner);
        double epsilon = config.number("rms_norm_eps", 1e-5);
        boolean normFirst = config.bool("mamba_norm_before_gate", true);
        List<Double> ofUnit = factors(config, "mlp_multipliers", 2);
        double scale = config.number("key_multiplier", 1)
                / Math.sqrt(builder.extents().checked(config).headSize());
        return builder.with(StateSpaceFamilies::feedForwardBehind)
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
        return Reading.numbers(config, key, count).orElse(Collections.nCopies(count, 1.0));
    }

    private static MixerWeights weights(HfConfig config, Mamba2Sizes sizes) {
        boolean biased = config.bool("projectors_bias", false);
        MixerWeights weights = sizes.weights(config)
                .without(Slot.MIXER_OUTPUT)
                .product(Slot.MIXER_OUTPUT, "out_proj", sizes.hidden(), sizes.inner(), biased);
        return config.bool("mamba_rms_norm", false) ? weights : weights.without(Slot.MIXER_NORM);
    }
}
