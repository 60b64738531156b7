package dev.stratalens.engine.lens.reading;

import dev.stratalens.engine.lens.transport.FittedLens;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The fitted lenses that a model is given.
 *
 * @param byName in the order in which they are listed
 * @param inMemory how many have their maps in memory at a time, 1 or more. If there are more lenses, the maps of each are loaded when a
 *     request first reads through it, and those of the least recently used lens are freed for it
 */
public record GivenLenses(Map<String, FittedLens> byName, int inMemory) {

    /** No fitted lenses. */
    public static final GivenLenses NONE = allInMemory(Map.of());

    /** Copies the map, keeping its order. */
    public GivenLenses {
        if (inMemory < 1) {
            throw new IllegalArgumentException("%d lenses in memory; give 1 or more".formatted(inMemory));
        }
        byName = Collections.unmodifiableMap(new LinkedHashMap<>(byName));
    }

    /** Lenses that are loaded with the model. */
    public static GivenLenses allInMemory(Map<String, FittedLens> byName) {
        return new GivenLenses(byName, Math.max(1, byName.size()));
    }
}
