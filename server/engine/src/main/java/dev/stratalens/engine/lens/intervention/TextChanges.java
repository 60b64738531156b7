package dev.stratalens.engine.lens.intervention;

import java.util.Optional;
import java.util.function.Supplier;

/** The changes of a text that comes in pieces: found for its prompt, and kept for the tokens after it. Not thread-safe. */
public final class TextChanges {

    private Optional<ResolvedChanges> ofGenerated = Optional.empty();

    /**
     * The changes of the next piece.
     *
     * @param resolution finds all of them; called for the first piece alone
     */
    public ResolvedChanges next(Supplier<ResolvedChanges> resolution) {
        if (ofGenerated.isPresent()) {
            return ofGenerated.get();
        }
        ResolvedChanges all = resolution.get();
        ofGenerated = Optional.of(all.ofGenerated());
        return all;
    }
}
