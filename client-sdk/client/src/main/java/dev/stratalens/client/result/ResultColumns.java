package dev.stratalens.client.result;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A complete result as it is stored.
 *
 * @param info header and targets
 * @param lenses one a lens, in the order of {@link ResultInfo#lenses()}
 * @param vocabulary texts of every id that occurs
 * @param selfCheck the server's check of itself
 * @param timings where the time went; empty in results that were read from a file that does not say
 * @param facts what else the server says
 */
public record ResultColumns(
        ResultInfo info,
        List<LensColumns> lenses,
        Map<Integer, Token> vocabulary,
        SelfCheck selfCheck,
        Optional<Timings> timings,
        RunFacts facts) {

    /** Copies collections. */
    public ResultColumns {
        lenses = List.copyOf(lenses);
        vocabulary = Map.copyOf(vocabulary);
    }

    /** Layers of the first lens. */
    public List<LayerColumns> layers() {
        return lenses.get(0).layers();
    }

    /** Tracked tokens of the first lens. */
    public List<TrackedColumns> tracked() {
        return lenses.get(0).tracked();
    }
}
