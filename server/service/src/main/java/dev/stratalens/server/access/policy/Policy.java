package dev.stratalens.server.access.policy;

import dev.stratalens.server.access.Grant;
import dev.stratalens.server.access.Principal;
import dev.stratalens.server.error.NotAllowedException;
import java.util.Map;
import java.util.Optional;

/**
 * What each principal may do and use.
 *
 * @param grants by name of the principal
 * @param others what everybody else may; empty = nothing
 */
public record Policy(Map<String, Grant> grants, Optional<Grant> others) {

    /** Everybody may everything. */
    public static final Policy NONE = new Policy(Map.of(), Optional.of(Grant.ALL));

    /** Copies the grants. */
    public Policy {
        grants = Map.copyOf(grants);
    }

    /**
     * What a principal may.
     *
     * @throws NotAllowedException if it is nothing at all
     */
    public Grant grant(Principal principal) {
        return Optional.ofNullable(grants.get(principal.name()))
                .or(() -> others)
                .orElseThrow(() -> NotAllowedException.withoutGroup(principal.name()));
    }
}
