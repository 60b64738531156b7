package dev.stratalens.engine.architecture.mixer;

import dev.stratalens.engine.architecture.weight.MixerWeights;
import dev.stratalens.engine.architecture.weight.MixerWeights.Part;
import dev.stratalens.engine.architecture.weight.Slot;
import dev.stratalens.engine.architecture.weight.WeightSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;

/**
 * A transformer that several blocks share, before the state space of each (Zamba 2): attention and a feed-forward read the
 * stream together with the embedding of the token, which rows carry. What they return changes only what the state space
 * reads. The state of the state space is overwritten, so the memory of both is kept at the end of a pass.
 *
 * @param attention its texts are those of attention
 */
public record SharedTransformer(Mixer attention, Mamba2 stateSpace) implements Mixer {

    /**
     * Widths of the transformer.
     *
     * @param hidden width d of the residual stream; it reads 2 d
     * @param queries width of all queries
     * @param keys width of all keys
     * @param inner width of the feed-forward
     * @param rank of the adapters that a block has to itself
     * @param attentionRank of those of queries, keys and values; 0 for none
     */
    public record Widths(long hidden, long queries, long keys, long inner, long rank, long attentionRank) {

        /**
         * Places of the weights of blocks that use those of the first of them in turn, with adapters of their own.
         *
         * @param distinct how many have weights of their own
         */
        public IntFunction<MixerWeights> inTurn(List<Integer> blocks, int distinct) {
            return block -> {
                int number = blocks.indexOf(block);
                return weights(blocks.get(number % distinct), number);
            };
        }

        private MixerWeights weights(int first, int number) {
            String folder = "layers.%d.shared_transformer.".formatted(first);
            String attention = folder + "self_attn.";
            String feedForward = folder + "feed_forward.";
            String adapter = feedForward + "gate_up_proj_adapter_list.%d.".formatted(number);
            String gate = Slot.ofSharedTransformer(Slot.GATE);
            String up = Slot.ofSharedTransformer(Slot.UP);
            var weights = new MixerWeights("")
                    .norm(Slot.SHARED_NORM, folder + "input_layernorm", 2 * hidden)
                    .norm(Slot.SHARED_FEED_FORWARD_NORM, folder + "pre_ff_layernorm", hidden)
                    .norm(Slot.STATE_NORM, "layers.{}.mamba_decoder.input_layernorm", hidden)
                    .product(Slot.SHARED_OUTPUT, "layers.{}.linear", hidden, hidden)
                    .product(Slot.QUERY, attention + "q_proj", queries, 2 * hidden)
                    .product(Slot.KEY, attention + "k_proj", keys, 2 * hidden)
                    .product(Slot.VALUE, attention + "v_proj", keys, 2 * hidden)
                    .product(Slot.ATTENTION_OUTPUT, attention + "o_proj", hidden, queries)
                    .parts(feedForward + "gate_up_proj.weight", 1, halves(gate, up, ".weight"), hidden)
                    .product(Slot.ofSharedTransformer(Slot.DOWN), feedForward + "down_proj", hidden, inner)
                    .parts(adapter + "1.weight", 1, halves(gate, up, ".adapter"), rank)
                    .tensor(gate + ".adapter_input", adapter + "0.weight", rank, hidden)
                    .tensor(up + ".adapter_input", adapter + "0.weight", rank, hidden);
            return attentionRank == 0 ? weights : withAdapters(weights, attention, number);
        }

        private MixerWeights withAdapters(MixerWeights weights, String attention, int number) {
            Map.of(Slot.QUERY, "q", Slot.KEY, "k", Slot.VALUE, "v").forEach((slot, letter) -> {
                String list = attention + "linear_%s_adapter_list.%d.".formatted(letter, number);
                weights.tensor(slot + ".adapter_input", list + "0.weight", attentionRank, 2 * hidden)
                        .tensor(slot + ".adapter", list + "1.weight", 2 * hidden, attentionRank);
            });
            return weights;
        }

        private List<Part> halves(String gate, String up, String end) {
            return List.of(new Part(gate + end, inner), new Part(up + end, inner));
        }
    }

    @Override
    public String title() {
        return "shared transformer before " + stateSpace.title();
    }

    @Override
    public List<String> programs() {
        return List.of("attention", "causal_convolution", "decaying_state", "mamba2", "shared_before_mamba2");
    }

    @Override
    public Map<String, Object> constants() {
        var constants = new HashMap<>(attention.constants());
        constants.putAll(stateSpace.constants());
        return constants;
    }

    @Override
    public int remembered() {
        return attention.remembered() + stateSpace.remembered();
    }

    @Override
    public MixerState state(Map<String, WeightSource> weights) {
        return attention.state(weights).plus(stateSpace.state(weights));
    }
}
