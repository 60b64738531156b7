package dev.stratalens.engine.architecture.mixer;

import dev.stratalens.engine.architecture.weight.Slot;
import dev.stratalens.engine.architecture.weight.WeightSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Attention over the keys of a window and over entries that stand for whole windows of earlier tokens (DeepSeek-V4). All heads share
 * one key, which is also the value. A prompt remembers the keys, and what entries are made of, for every token.
 *
 * @param attention its texts and constants are those of attention
 * @param rate tokens of an entry; 0 for blocks without entries
 * @param indexed largest number of entries that an index chooses for a query, in blocks whose weights have an index
 * @param outputGroups groups of heads with separate products into the output
 */
public record CompressedAttention(Mixer attention, int rate, int indexed, int outputGroups) implements Mixer {

    @Override
    public String title() {
        return "compressed attention";
    }

    @Override
    public List<String> programs() {
        return List.of("attention", "compressed_attention");
    }

    @Override
    public Map<String, Object> constants() {
        var constants = new HashMap<>(attention.constants());
        constants.put("compress_rate", (long) rate);
        constants.put("indexed_entries", (long) indexed);
        constants.put("output_groups", (long) outputGroups);
        return constants;
    }

    @Override
    public int remembered() {
        return rate > 0 ? 2 : 1;
    }

    @Override
    public boolean growing() {
        return true;
    }

    @Override
    public MixerState state(Map<String, WeightSource> weights) {
        // Values and gates of the compressor and of the index, and the turns of their positions, which are narrower
        // than a key.
        MixerState keys = MixerState.ofEachToken(weights, Slot.KEY, Slot.KEY);
        return Stream.of(Slot.COMPRESSOR, Slot.INDEXER)
                .map(part -> MixerState.ofEachToken(weights, part + "_values", part + "_gates"))
                .reduce(keys, MixerState::plus);
    }
}
