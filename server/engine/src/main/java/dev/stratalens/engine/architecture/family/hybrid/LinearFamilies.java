package dev.stratalens.engine.architecture.family.hybrid;

import dev.stratalens.engine.architecture.Activation;
import dev.stratalens.engine.architecture.ArchitectureBuilder;
import dev.stratalens.engine.architecture.HeadForm;
import dev.stratalens.engine.architecture.Mixture;
import dev.stratalens.engine.architecture.NormKind;
import dev.stratalens.engine.architecture.Residual;
import dev.stratalens.engine.architecture.Router.Scoring;
import dev.stratalens.engine.architecture.family.dense.LlamaFamilies;
import dev.stratalens.engine.architecture.family.key.BlockKinds;
import dev.stratalens.engine.architecture.family.key.Experts;
import dev.stratalens.engine.architecture.family.key.Reading;
import dev.stratalens.engine.architecture.family.key.Windows;
import dev.stratalens.engine.architecture.mixer.Balance;
import dev.stratalens.engine.architecture.mixer.BalancedMixer;
import dev.stratalens.engine.architecture.mixer.GatedRecurrence;
import dev.stratalens.engine.architecture.mixer.LightningAttention;
import dev.stratalens.engine.architecture.rope.RopeParameters;
import dev.stratalens.engine.architecture.weight.Slot;
import dev.stratalens.engine.checkpoint.HfConfig;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Linear recurrences in some blocks, and attention in the others: MiniMax and RecurrentGemma. */
public final class LinearFamilies {

    public static final Map<String, Function<HfConfig, ArchitectureBuilder>> ROWS = Map.of(
            "minimax", LinearFamilies::minimax,
            "recurrent_gemma", LinearFamilies::recurrentGemma);

    private static final double LIGHTNING_EPSILON = 1e-6; // rms_norm_eps is not used here

    private static final List<String> KINDS = List.of("recurrent", "recurrent", "attention");
    private static final String FOLDER = "layers.{}.temporal_block.";

    private LinearFamilies() {}

    /**
     * Branches are added to their own normed inputs. The decays are those of the formula: files hold copies of them, which
     * are not exact in bfloat16.
     */
    private static ArchitectureBuilder minimax(HfConfig config) {
        Reading.onlyActivation(config, "hidden_act", "silu");
        ArchitectureBuilder builder = LlamaFamilies.base(config).keyValueHeadsByDefault(8);
        int heads = builder.extents().heads();
        int size = builder.extents().checked(config).headSize();
        int hidden = builder.extents().hidden();
        int blocks = builder.extents().blocks();
        Experts experts = Experts.of(config, 8, 2);
        var lightning = new LightningAttention(size, LIGHTNING_EPSILON);
        return builder.epsilonByDefault(1e-5)
                .rotary(Reading.theta(config, 1_000_000))
                .window(block -> Windows.size(config))
                .residual(Residual.Form.SEQUENTIAL_ON_NORMED)
                .balance(balance(config, "full_attn"), balance(config, "mlp"))
                .mixer(
                        BlockKinds.linear(config, block -> block % 2 == 1),
                        new BalancedMixer(lightning, balance(config, "linear_attn")),
                        lightning.weights("layers.{}.self_attn.", hidden, heads))
                .computed(Slot.DECAY_RATES, block -> LightningAttention.decayRates(heads, block, blocks))
                .ignore("layers\\.\\d+\\.self_attn\\.(slope_rate|query_decay|key_decay|diagonal_decay)")
                .mixture(new Mixture(
                        block -> true,
                        experts.router(Scoring.SOFTMAX, true),
                        experts.renamed(builder.extents().inner())));
    }

    private static Balance balance(HfConfig config, String part) {
        return new Balance(config.number(part + "_alpha_factor", 1), config.number(part + "_beta_factor", 1));
    }

    /** The kinds of blocks repeat; the scale of the embedding is rounded to bfloat16 in every compute type. */
    private static ArchitectureBuilder recurrentGemma(HfConfig file) {
        HfConfig config = file.withUsualNames(Map.of("sliding_window", "attention_window_size"));
        ArchitectureBuilder builder = LlamaFamilies.base(config);
        int hidden = builder.extents().hidden();
        int inner = config.integer("intermediate_size", 7680) / 2;
        List<String> kinds = config.optionalStrings("block_types").orElse(KINDS);
        BlockKinds.check(config, "block_types", kinds, KINDS);
        int window = config.integer("attention_window_size", 2048);
        int heads = builder.extents().heads();
        return builder.extents(builder.extents().withInner(inner).withHeadSize(0))
                .norm(NormKind.RMS_NORM_1P, config.number("rms_norm_eps", 1e-6))
                .activation(Activation.of(config, "hidden_activation", "gelu_pytorch_tanh"))
                .embeddingMultiplier(roundedToBfloat16((float) Math.sqrt(hidden)))
                .rotary(Reading.unscaled(config, RopeParameters.of(config, RopeParameters.Defaults.partial(0.5))))
                .window(block -> window)
                .head(new HeadForm(1, config.number("logits_soft_cap", 30)))
                .tiedByDefault(true)
                .norm(Slot.ATTENTION_NORM, "layers.{}.temporal_pre_norm")
                .norm(Slot.FEED_FORWARD_NORM, "layers.{}.channel_pre_norm")
                .norm(Slot.FINAL_NORM, "final_norm")
                .renamed("layers.{}.self_attn.", FOLDER)
                .renamed("layers.{}.mlp.", "layers.{}.mlp_block.")
                .bias(config.bool("attention_bias", false), Slot.QUERY_KEY_VALUE)
                .bias(true, Slot.ATTENTION_OUTPUT)
                .bias(true, Slot.FEED_FORWARD)
                .mixer(
                        block -> kinds.get(block % kinds.size()).equals("recurrent"),
                        new GatedRecurrence(),
                        GatedRecurrence.weights(
                                FOLDER,
                                hidden,
                                heads,
                                config.integer("lru_width", hidden),
                                config.integer("conv1d_width", 4)));
    }

    private static double roundedToBfloat16(float value) {
        int bits = Float.floatToIntBits(value);
        return Float.intBitsToFloat((bits + 0x7fff + (bits >>> 16 & 1)) & 0xffff0000);
    }
}
