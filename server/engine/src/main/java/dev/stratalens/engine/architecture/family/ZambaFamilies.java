package dev.stratalens.engine.architecture.family;

import dev.stratalens.engine.architecture.Activation;
import dev.stratalens.engine.architecture.ArchitectureBuilder;
import dev.stratalens.engine.architecture.Extents;
import dev.stratalens.engine.architecture.MixerWeights;
import dev.stratalens.engine.architecture.MixerWeights.Part;
import dev.stratalens.engine.architecture.NormKind;
import dev.stratalens.engine.architecture.Slot;
import dev.stratalens.engine.architecture.WeightSource;
import dev.stratalens.engine.architecture.mixer.Mamba2;
import dev.stratalens.engine.architecture.mixer.Mamba2.GatedNorm;
import dev.stratalens.engine.architecture.mixer.SharedTransformer;
import dev.stratalens.engine.checkpoint.HfConfig;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Zamba 2: a state space in every block; in some, a transformer before it, whose weights several blocks share. */
final class ZambaFamilies {

    static final Map<String, Function<HfConfig, ArchitectureBuilder>> ROWS = Map.of("zamba2", ZambaFamilies::zamba2);

    private static final List<String> KINDS = List.of("hybrid", "mamba", "linear_attention");

    private ZambaFamilies() {}

    private static ArchitectureBuilder zamba2(HfConfig config) {
        Reading.refuse(config, "use_long_context", true);
        Reading.refuse(config, "add_bias_linear", true);
        List<Integer> hybrids = hybrids(config);
        Extents usual = Extents.of(config, 4096);
        int size = 2 * usual.hidden() / usual.heads();
        Extents extents = usual.withHeadSize(size);
        Mamba2Sizes sizes = sizes(config, extents.hidden());
        var mixer = new Mamba2(
                sizes.stateSize(),
                sizes.groups(),
                config.number("time_step_min", 0.001),
                Double.POSITIVE_INFINITY,
                new GatedNorm(1e-5, sizes.groups(), true));
        int taps = config.integer("mamba_d_conv", 4);
        ArchitectureBuilder builder = LlamaFamilies.named(config, extents)
                .norm(Slot.FINAL_NORM, "final_layernorm")
                .norm(NormKind.RMS_NORM, config.number("rms_norm_eps", 1e-5))
                .activation(Activation.of(config, "hidden_act", "gelu"))
                .attentionScale(block -> Math.sqrt(2.0 / size))
                .tiedByDefault(true)
                .feedForward(block -> false)
                .carried(extents.hidden())
                .embeddingTensor(
                        Slot.weight(Slot.CARRIED_EMBEDDING),
                        WeightSource.whole("embed_tokens.weight", (long) extents.vocabulary(), (long) extents.hidden()))
                .usualMixers(attention -> {
                    var shared = new SharedTransformer(attention, mixer);
                    return block -> shared;
                })
                .mixer(block -> !hybrids.contains(block), mixer, sizes.weights("layers.{}.mamba.", taps, true, false));
        if (!config.bool("use_mem_rope", false)) {
            builder.rotary(block -> Optional.empty());
        }
        for (int i = 0; i < hybrids.size(); i++) {
            int block = hybrids.get(i);
            MixerWeights stateSpace = sizes.weights("layers.{}.mamba_decoder.mamba.", taps, true, false);
            builder.differing(some -> some == block, stateSpace, Slot.ATTENTION_NORM)
                    .differing(some -> some == block, shared(config, extents, hybrids, i));
        }
        return builder.ignore("layers\\.\\d+\\.shared_transformer\\..*");
    }

    /** Numbers of the blocks with the transformer. */
    private static List<Integer> hybrids(HfConfig config) {
        List<String> kinds = config.optionalStrings("layers_block_type")
                .or(() -> config.optionalStrings("layer_types"))
                .orElseGet(ZambaFamilies::usualKinds);
        var hybrids = new ArrayList<Integer>();
        for (int block = 0; block < kinds.size(); block++) {
            if (!KINDS.contains(kinds.get(block))) {
                throw config.unsupported("layers_block_type", kinds.get(block), String.join(", ", KINDS));
            }
            if (kinds.get(block).equals("hybrid")) {
                hybrids.add(block);
            }
        }
        return hybrids;
    }

    private static List<String> usualKinds() {
        var kinds = new ArrayList<>(Collections.nCopies(54, "mamba"));
        for (int block : new int[] {6, 12, 18, 24, 30, 36, 42, 47, 51}) {
            kinds.set(block, "hybrid");
        }
        return kinds;
    }

    private static Mamba2Sizes sizes(HfConfig config, int hidden) {
        int heads = config.integer("n_mamba_heads", 8);
        long inner = (long) config.integer("mamba_expand", 2) * hidden;
        if (inner % heads != 0) {
            throw config.invalid("n_mamba_heads", heads, "a divisor of the inner width, " + inner);
        }
        return new Mamba2Sizes(
                        hidden, heads, inner, config.integer("mamba_d_state", 64), config.integer("mamba_ngroups", 1))
                .checked(config);
    }

    /** The transformer of one of these blocks: weights of the first block that has them, and adapters of its own. */
    private static MixerWeights shared(HfConfig config, Extents extents, List<Integer> hybrids, int number) {
        int distinct = config.integer("num_mem_blocks", 1);
        int rank = config.integer("adapter_rank", 128);
        long hidden = extents.hidden();
        long both = 2 * hidden;
        long queries = (long) extents.heads() * extents.headSize();
        long keys = (long) extents.keyValueHeads() * extents.headSize();
        int inner = config.integer("intermediate_size", 4 * extents.hidden());
        // The reference shares these weights only together with those of the embedding and the head.
        boolean sharing = config.outer().bool("tie_word_embeddings", true);
        String first = "layers.%d.shared_transformer.".formatted(hybrids.get(sharing ? number % distinct : number));
        String attention = first + "self_attn.";
        String feedForward = first + "feed_forward.";
        String adapter = feedForward + "gate_up_proj_adapter_list.%d.".formatted(number);
        String gate = Slot.ofSharedTransformer(Slot.GATE);
        String up = Slot.ofSharedTransformer(Slot.UP);
        MixerWeights weights = new MixerWeights("")
                .tensor(Slot.weight(Slot.SHARED_NORM), first + "input_layernorm.weight", both)
                .tensor(Slot.weight(Slot.SHARED_FEED_FORWARD_NORM), first + "pre_ff_layernorm.weight", hidden)
                .tensor(Slot.weight(Slot.STATE_NORM), "layers.{}.mamba_decoder.input_layernorm.weight", hidden)
                .product(Slot.SHARED_OUTPUT, "layers.{}.linear", hidden, hidden)
                .product(Slot.QUERY, attention + "q_proj", queries, both)
                .product(Slot.KEY, attention + "k_proj", keys, both)
                .product(Slot.VALUE, attention + "v_proj", keys, both)
                .product(Slot.ATTENTION_OUTPUT, attention + "o_proj", hidden, queries)
                .parts(feedForward + "gate_up_proj.weight", 1, parts(gate, up, ".weight", inner), hidden)
                .product(Slot.ofSharedTransformer(Slot.DOWN), feedForward + "down_proj", hidden, inner)
                .parts(adapter + "1.weight", 1, parts(gate, up, ".adapter", inner), rank)
                .tensor(gate + ".adapter_input", adapter + "0.weight", rank, hidden)
                .tensor(up + ".adapter_input", adapter + "0.weight", rank, hidden);
        if (config.bool("use_shared_attention_adapter", false)) {
            Map.of(Slot.QUERY, "q", Slot.KEY, "k", Slot.VALUE, "v").forEach((slot, letter) -> {
                String list = attention + "linear_%s_adapter_list.%d.".formatted(letter, number);
                weights.tensor(slot + ".adapter_input", list + "0.weight", rank, both)
                        .tensor(slot + ".adapter", list + "1.weight", both, rank);
            });
        }
        return weights;
    }

    private static List<Part> parts(String gate, String up, String end, int inner) {
        return List.of(new Part(gate + end, inner), new Part(up + end, inner));
    }
}
