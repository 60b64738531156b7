package dev.stratalens.engine.lens.transport;

import dev.stratalens.engine.lens.plan.KnownLens;
import java.util.List;

/**
 * A fitted lens of a model.
 *
 * @param name by which requests ask for it
 * @param lens its maps
 * @param warnings what readers of its numbers should know: sentences
 * @param fingerprint tells its maps from others
 */
public record NamedLens(String name, FittedLens lens, List<String> warnings, String fingerprint) {

    /** Copies the list. */
    public NamedLens {
        warnings = List.copyOf(warnings);
    }

    /** What a request needs to know of it. */
    public KnownLens known() {
        return new KnownLens(name, lens.maps().navigableKeySet());
    }
}
