package dev.stratalens.engine.architecture.mixer;

import dev.stratalens.engine.architecture.weight.WeightSource;
import java.util.List;
import java.util.Map;

/** For blocks with nothing but a feed-forward. */
public record NoMixer() implements Mixer {

    @Override
    public String title() {
        return "feed-forward alone";
    }

    @Override
    public List<String> programs() {
        return List.of("no_mixer");
    }

    @Override
    public Map<String, Object> constants() {
        return Map.of();
    }

    @Override
    public int remembered() {
        return 0;
    }

    @Override
    public MixerState state(Map<String, WeightSource> weights) {
        return MixerState.NONE;
    }
}
