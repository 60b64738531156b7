package dev.stratalens.bench.round;

import java.util.LinkedHashMap;
import java.util.Map;

/** Samples of one round by name. What is compared is measured in the same round. */
public final class Round {

    private final Map<String, Double> samples = new LinkedHashMap<>();

    public void put(String name, double sample) {
        samples.put(name, sample);
    }

    /**
     * One sample.
     *
     * @throws IllegalArgumentException if it was not measured
     */
    public double get(String name) {
        Double sample = samples.get(name);
        if (sample == null) {
            throw new IllegalArgumentException("no sample of " + name + " among " + samples.keySet());
        }
        return sample;
    }
}
