package dev.stratalens.engine.architecture.mixer;

import dev.stratalens.engine.architecture.weight.WeightSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Attention of blocks whose heads have a size of their own, or whose keys and values are those of an earlier block.
 *
 * @param attention all other choices
 * @param headSize of queries, keys and values
 * @param keys where they come from, and whether later blocks use them
 */
public record SizedAttention(Attention attention, int headSize, Keys keys) implements Mixer {

    /**
     * Keys and values.
     *
     * @param carried whether rows carry them to later blocks
     * @param fromEnd place of the earlier block's keys in a row, counted from its end; 0 for keys of the block itself
     * @param width of all heads' keys
     */
    public record Keys(boolean carried, int fromEnd, int width) {}

    @Override
    public String title() {
        return attention.title();
    }

    @Override
    public List<String> programs() {
        return attention.programs();
    }

    @Override
    public Map<String, Object> constants() {
        var constants = new HashMap<>(attention.constants());
        constants.put("head_size", (long) headSize);
        constants.put("carries_keys", keys.carried());
        constants.put("keys_from_end", (long) keys.fromEnd());
        constants.put("keys_width", (long) keys.width());
        return constants;
    }

    @Override
    public int remembered() {
        return attention.remembered();
    }

    @Override
    public boolean growing() {
        return attention.growing();
    }

    @Override
    public MixerState state(Map<String, WeightSource> weights) {
        return keys.fromEnd() > 0 ? new MixerState(2L * keys.width(), 0) : attention.state(weights);
    }
}
