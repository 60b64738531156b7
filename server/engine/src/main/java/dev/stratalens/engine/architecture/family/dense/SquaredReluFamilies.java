package dev.stratalens.engine.architecture.family.dense;

import dev.stratalens.engine.architecture.Activation;
import dev.stratalens.engine.architecture.ArchitectureBuilder;
import dev.stratalens.engine.architecture.HeadForm;
import dev.stratalens.engine.architecture.family.key.Reading;
import dev.stratalens.engine.architecture.mixer.QueryKeyNorm;
import dev.stratalens.engine.architecture.rope.RopeParameters;
import dev.stratalens.engine.architecture.rope.RopeScaling;
import dev.stratalens.engine.architecture.weight.MixerWeights;
import dev.stratalens.engine.architecture.weight.Slot;
import dev.stratalens.engine.checkpoint.HfConfig;
import java.util.Map;
import java.util.function.Function;

/** Relatives of Llama with the square of ReLU. */
public final class SquaredReluFamilies {

    public static final Map<String, Function<HfConfig, ArchitectureBuilder>> ROWS = Map.of(
            "arcee", SquaredReluFamilies::arcee,
            "bitnet", SquaredReluFamilies::bitnet,
            "nanochat", SquaredReluFamilies::nanochat);

    private SquaredReluFamilies() {}

    private static ArchitectureBuilder arcee(HfConfig config) {
        return LlamaFamilies.llama(config)
                .epsilonByDefault(1e-5)
                .activation(Activation.of(config, "hidden_act", "relu2"))
                .without(Slot.GATE);
    }

    /** Norms within the branches. */
    private static ArchitectureBuilder bitnet(HfConfig config) {
        ArchitectureBuilder builder = LlamaFamilies.base(config).attentionBiasByDefault(false);
        Reading.refuse(config, "mlp_bias", true);
        int hidden = builder.extents().hidden();
        return builder.keyValueHeadsByDefault(5)
                .epsilonByDefault(1e-5)
                .activation(Activation.of(config, "hidden_act", "relu2"))
                .rotary(Reading.theta(config, 500_000))
                .differing(
                        block -> true,
                        new MixerWeights("layers.{}.")
                                .norm(Slot.ATTENTION_INNER_NORM, "self_attn.attn_sub_norm", hidden)
                                .norm(
                                        Slot.FEED_FORWARD_INNER_NORM,
                                        "mlp.ffn_sub_norm",
                                        builder.extents().inner()));
    }

    /** Norms without weights, also of the embedding; pairs turn the other way. */
    private static ArchitectureBuilder nanochat(HfConfig config) {
        RopeParameters rope = Reading.unscaled(config, Reading.theta(config, 10_000));
        return LlamaFamilies.base(config)
                .attentionBiasByDefault(false)
                .activation(Activation.of(config, "hidden_act", "relu2"))
                .unweightedNorm(Slot.EMBEDDING_NORM)
                .unweightedNorm(Slot.ATTENTION_NORM)
                .unweightedNorm(Slot.FEED_FORWARD_NORM)
                .unweightedNorm(Slot.FINAL_NORM)
                .unweightedQueryKeyNorm(QueryKeyNorm.EACH_ROTATED_HEAD)
                .rotary(new RopeParameters(rope.theta(), rope.partialRotaryFactor(), new RopeScaling.Backward()))
                .without(Slot.GATE)
                .product(Slot.UP, "layers.{}.mlp.fc1")
                .product(Slot.DOWN, "layers.{}.mlp.fc2")
                .head(new HeadForm(1, Reading.softcap(config, "final_logit_softcapping", 15)));
    }
}
