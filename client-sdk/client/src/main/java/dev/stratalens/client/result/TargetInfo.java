package dev.stratalens.client.result;

import dev.stratalens.client.request.LensTarget;
import java.util.List;
import java.util.OptionalInt;

/**
 * An asked target and what it stands for.
 *
 * @param target as asked
 * @param tokens for a text: its whole encoding, of which the first token is followed; for an id: that token; empty for
 *     targets that depend on the position
 * @param ids vocabulary id at each asked position, in the order of {@link ResultInfo#positions()}; empty where there is none
 */
public record TargetInfo(LensTarget target, List<Token> tokens, List<OptionalInt> ids) {

    /** Copies the lists. */
    public TargetInfo {
        tokens = List.copyOf(tokens);
        ids = List.copyOf(ids);
    }
}
