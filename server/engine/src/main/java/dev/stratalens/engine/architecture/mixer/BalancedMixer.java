package dev.stratalens.engine.architecture.mixer;

import dev.stratalens.engine.architecture.weight.WeightSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A mixer whose output is added to the stream with factors.
 *
 * @param mixer whose texts and memory these are
 * @param balance the factors
 */
public record BalancedMixer(Mixer mixer, Balance balance) implements Mixer {

    @Override
    public String title() {
        return mixer.title();
    }

    @Override
    public List<String> programs() {
        return mixer.programs();
    }

    @Override
    public Map<String, Object> constants() {
        var constants = new HashMap<>(mixer.constants());
        constants.put("mixer_stream_factor", balance.stream());
        constants.put("mixer_factor", balance.branch());
        return constants;
    }

    @Override
    public int remembered() {
        return mixer.remembered();
    }

    @Override
    public boolean growing() {
        return mixer.growing();
    }

    @Override
    public MixerState state(Map<String, WeightSource> weights) {
        return mixer.state(weights);
    }
}
