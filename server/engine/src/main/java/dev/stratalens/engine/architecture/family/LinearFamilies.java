package dev.stratalens.engine.architecture.family;

import dev.stratalens.engine.architecture.Activation;
import dev.stratalens.engine.architecture.ArchitectureBuilder;
import dev.stratalens.engine.architecture.Balance;
import dev.stratalens.engine.architecture.BalancedMixer;
import dev.stratalens.engine.architecture.HeadForm;
import dev.stratalens.engine.architecture.MixerWeights;
import dev.stratalens.engine.architecture.MixerWeights.Part;
import dev.stratalens.engine.architecture.Mixture;
import dev.stratalens.engine.architecture.NormKind;
import dev.stratalens.engine.architecture.Residual;
import dev.stratalens.engine.architecture.Router;
import dev.stratalens.engine.architecture.Router.Scoring;
import dev.stratalens.engine.architecture.Slot;
import dev.stratalens.engine.architecture.mixer.GatedRecurrence;
import dev.stratalens.engine.architecture.mixer.LightningAttention;
import dev.stratalens.engine.architecture.rope.RopeParameters;
import dev.stratalens.engine.architecture.rope.RopeScaling;
import dev.stratalens.engine.checkpoint.HfConfig;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.IntPredicate;

/** Linear recurrences in some blocks, and attention in the others: MiniMax and RecurrentGemma. */
final class LinearFamilies {

    static final Map<String, Function<HfConfig, ArchitectureBuilder>> ROWS = Map.of(
            "minimax", LinearFamilies::minimax,
            "recurrent_gemma", LinearFamilies::recurrentGemma);

    private static final double LIGHTNING_EPSILON = 1e-6; // rms_norm_eps is not used here

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
        int experts = Experts.count(config, 8);
        IntPredicate linear = BlockKinds.of(
                config, "layer_types", List.of("linear_attention"), List.of("full_attention"), block -> block % 2 == 1);
        long width = (long) heads * size;
        MixerWeights weights = new MixerWeights("layers.{}.self_attn.")
                .parts(
                        "qkv_proj.weight",
                        heads,
                        List.of(
                                new Part(Slot.weight(Slot.MIXER_QUERY), width),
                                new Part(Slot.weight(Slot.MIXER_KEY), width),
                                new Part(Slot.weight(Slot.MIXER_VALUE), width)),
                        hidden)
                .product(Slot.MIXER_GATE, "output_gate", width, hidden)
                .tensor(Slot.weight(Slot.MIXER_NORM), "norm.weight", width)
                .product(Slot.MIXER_OUTPUT, "out_proj", hidden, width);
        return builder.norm(NormKind.RMS_NORM, config.number("rms_norm_eps", 1e-5))
                .rotary(Reading.theta(config, 1_000_000))
                .window(block -> Windows.size(config))
                .residual(Residual.Form.SEQUENTIAL_ON_NORMED)
                .balance(balance(config, "full_attn"), balance(config, "mlp"))
                .mixer(
                        linear,
                        new BalancedMixer(
                                new LightningAttention(size, LIGHTNING_EPSILON), balance(config, "linear_attn")),
                        weights)
                .computed(Slot.DECAY_RATES, block -> decayRates(heads, block, blocks))
                .ignore("layers\\.\\d+\\.self_attn\\.(slope_rate|query_decay|key_decay|diagonal_decay)")
                .mixture(new Mixture(
                        block -> true,
                        Router.of(Scoring.SOFTMAX, Experts.chosen(config, 2, experts), true),
                        Experts.renamed(config, experts, builder.extents().inner())));
    }

    private static Balance balance(HfConfig config, String part) {
        return new Balance(config.number(part + "_alpha_factor", 1), config.number(part + "_beta_factor", 1));
    }

    private static float[] decayRates(int heads, int block, int blocks) {
        var rates = new float[heads];
        float factor = (float) (1 - block / (blocks - 1 + 1e-5) + 1e-5);
        for (int head = 0; head < heads; head++) {
            rates[head] = (float) Math.pow(2, -8.0 * (head + 1) / heads) * factor;
        }
        return rates;
    }

    /** The kinds of blocks repeat; the scale of the embedding is rounded to bfloat16 in every compute type. */
    private static ArchitectureBuilder recurrentGemma(HfConfig file) {
        HfConfig config = file.withUsualNames(Map.of("sliding_window", "attention_window_size"));
        ArchitectureBuilder builder = LlamaFamilies.base(config);
        int hidden = builder.extents().hidden();
        int inner = config.integer("intermediate_size", 7680) / 2;
        List<String> kinds =
                config.optionalStrings("block_types").orElse(List.of("recurrent", "recurrent", "attention"));
        kinds.stream()
                .filter(kind -> !List.of("recurrent", "attention").contains(kind))
                .forEach(kind -> {
                    throw config.unsupported("block_types", kind, "recurrent, attention");
                });
        RopeParameters rope = RopeParameters.of(config, RopeParameters.Defaults.partial(0.5));
        if (!(rope.scaling() instanceof RopeScaling.None)) {
            throw config.unsupported("rope_parameters", "a scaling", "no scaling");
        }
        int window = config.integer("attention_window_size", 2048);
        String folder = "layers.{}.";
        return builder.extents(builder.extents().withInner(inner).withHeadSize(0))
                .norm(NormKind.RMS_NORM_1P, config.number("rms_norm_eps", 1e-6))
                .activation(Activation.of(config, "hidden_activation", "gelu_pytorch_tanh"))
                .embeddingMultiplier(roundedToBfloat16((float) Math.sqrt(hidden)))
                .rotary(rope)
                .window(block -> window)
                .head(new HeadForm(1, config.number("logits_soft_cap", 30)))
                .tiedByDefault(true)
                .norm(Slot.ATTENTION_NORM, folder + "temporal_pre_norm")
                .norm(Slot.FEED_FORWARD_NORM, folder + "channel_pre_norm")
                .norm(Slot.FINAL_NORM, "final_norm")
                .product(Slot.QUERY, folder + "temporal_block.q_proj")
                .product(Slot.KEY, folder + "temporal_block.k_proj")
                .product(Slot.VALUE, folder + "temporal_block.v_proj")
                .product(Slot.ATTENTION_OUTPUT, folder + "temporal_block.o_proj")
                .product(Slot.GATE, folder + "mlp_block.gate_proj")
                .product(Slot.UP, folder + "mlp_block.up_proj")
                .product(Slot.DOWN, folder + "mlp_block.down_proj")
                .bias(config.bool("attention_bias", false), LlamaFamilies.QUERY_KEY_VALUE)
                .bias(true, Slot.ATTENTION_OUTPUT)
                .bias(true, LlamaFamilies.FEED_FORWARD)
                .mixer(
                        block -> kinds.get(block % kinds.size()).equals("recurrent"),
                        new GatedRecurrence(),
                        recurrence(config, builder.extents().heads(), hidden));
    }

    private static MixerWeights recurrence(HfConfig config, int heads, int hidden) {
        int width = config.integer("lru_width", hidden);
        int channels = width / heads;
        return new MixerWeights("layers.{}.temporal_block.")
                .product(Slot.MIXER_INPUT, "linear_x", width, hidden, true)
                .product(Slot.MIXER_GATE, "linear_y", width, hidden, true)
                .product(Slot.MIXER_OUTPUT, "linear_out", hidden, width, true)
                .convolution("conv_1d", width, config.integer("conv1d_width", 4), true)
                .tensor(Slot.DECAY_LOG, "rg_lru.recurrent_param", width)
                .tensor(Slot.weight(Slot.MIXER_INPUT_GATE), "rg_lru.input_gate_weight", heads, channels, channels)
                .tensor(Slot.bias(Slot.MIXER_INPUT_GATE), "rg_lru.input_gate_bias", heads, channels)
                .tensor(Slot.weight(Slot.MIXER_DECAY_GATE), "rg_lru.recurrent_gate_weight", heads, channels, channels)
                .tensor(Slot.bias(Slot.MIXER_DECAY_GATE), "rg_lru.recurrent_gate_bias", heads, channels);
    }

    private static double roundedToBfloat16(float value) {
        int bits = Float.floatToIntBits(value);
        return Float.intBitsToFloat((bits + 0x7fff + (bits >>> 16 & 1)) & 0xffff0000);
    }
}
