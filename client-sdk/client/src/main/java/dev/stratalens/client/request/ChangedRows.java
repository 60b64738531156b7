package dev.stratalens.client.request;

import java.util.List;
import java.util.Optional;

/**
 * Rows that an intervention changes: of a site, in each of some blocks, at each of some positions.
 *
 * @param site empty for the outputs of attention heads, before the output projection
 * @param layers blocks; none = all that have the site
 * @param positions tokens of the prompt; none = all
 * @param heads attention heads; none = all
 * @param skipsFirstToken whether the prompt's first token is left out
 * @param generated which tokens of a generation
 */
public record ChangedRows(
        Optional<Site> site,
        List<IndexRange> layers,
        List<IndexRange> positions,
        List<IndexRange> heads,
        boolean skipsFirstToken,
        Generated generated) {

    /** Copies the lists. */
    public ChangedRows {
        layers = List.copyOf(layers);
        positions = List.copyOf(positions);
        heads = List.copyOf(heads);
        if (site.isPresent() && !heads.isEmpty()) {
            throw new IllegalArgumentException("the site " + site.get() + " has no heads; use attentionHeads(...)");
        }
    }

    /** Which tokens of a generation are changed. Of a prompt that is only analyzed, none. */
    public enum Generated {
        /** None, only those of the prompt. */
        NONE,
        /** All, and those of the prompt. */
        ALSO,
        /** All, and none of the prompt. */
        ONLY
    }

    /** All rows of a site. */
    public static ChangedRows at(Site site) {
        return new ChangedRows(Optional.of(site), List.of(), List.of(), List.of(), false, Generated.NONE);
    }

    /** The outputs of attention heads; none = of all. */
    public static ChangedRows attentionHeads(IndexRange... heads) {
        return new ChangedRows(Optional.empty(), List.of(), List.of(), List.of(heads), false, Generated.NONE);
    }

    /** The same in some blocks. */
    public ChangedRows layers(IndexRange... some) {
        return new ChangedRows(site, List.of(some), positions, heads, skipsFirstToken, generated);
    }

    /** The same at some positions. */
    public ChangedRows positions(IndexRange... some) {
        return new ChangedRows(site, layers, List.of(some), heads, skipsFirstToken, generated);
    }

    /** The same without the prompt's first token, where many models keep something else than the token. */
    public ChangedRows withoutFirstToken() {
        return new ChangedRows(site, layers, positions, heads, true, generated);
    }

    /** The same with tokens of a generation. */
    public ChangedRows generated(Generated tokens) {
        return new ChangedRows(site, layers, positions, heads, skipsFirstToken, tokens);
    }
}
