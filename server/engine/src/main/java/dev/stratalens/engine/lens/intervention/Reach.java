package dev.stratalens.engine.lens.intervention;

import dev.stratalens.engine.lens.plan.Interventions;
import dev.stratalens.engine.lens.plan.Interventions.Change;
import dev.stratalens.engine.lens.plan.ReadPoint;
import dev.stratalens.engine.model.site.Site;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which rows interventions can reach: those that they change, what is computed of these at the same token, and, after a mixer, all
 * later tokens. A mixer may reach fewer, so other rows certainly do not differ, but those that are reached may not differ either.
 */
public final class Reach {

    private final List<Set<Site>> sites;
    private final List<Change> changes;
    private final int tokens;
    private final Map<ReadPoint, BitSet> reached = new HashMap<>();

    /**
     * Computes the reach.
     *
     * @param sites those that each block has
     * @param tokens of the prompt
     */
    public Reach(List<Set<Site>> sites, Interventions interventions, int tokens) {
        this.sites = List.copyOf(sites);
        this.changes = interventions.changes();
        this.tokens = tokens;
        BitSet stream = with(ReadPoint.EMBEDDING, new BitSet());
        for (int block = 0; block < sites.size(); block++) {
            stream = after(block, stream);
        }
    }

    /** Tokens of the prompt whose rows at a read point can differ. */
    public BitSet at(ReadPoint point) {
        return (BitSet) reached.getOrDefault(point, new BitSet()).clone();
    }

    private BitSet after(int block, BitSet entered) {
        Set<Site> here = sites.get(block);
        var mixed = new BitSet();
        if (here.contains(Site.ATTENTION_OUTPUT)) {
            if (!entered.isEmpty()) {
                mixed.set(entered.nextSetBit(0), tokens);
            }
            mixed = with(new ReadPoint(block, Site.ATTENTION_HEADS), mixed);
            mixed = with(new ReadPoint(block, Site.ATTENTION_OUTPUT), mixed);
        }
        BitSet between = union(entered, mixed);
        boolean oneAfterAnother = here.contains(Site.ATTENTION_RESIDUAL);
        if (oneAfterAnother) {
            between = with(new ReadPoint(block, Site.ATTENTION_RESIDUAL), between);
        }
        BitSet left = between;
        if (here.contains(Site.FEED_FORWARD_OUTPUT)) {
            left = union(
                    between, with(new ReadPoint(block, Site.FEED_FORWARD_OUTPUT), oneAfterAnother ? between : entered));
        }
        return with(ReadPoint.layer(block), left);
    }

    private static BitSet union(BitSet one, BitSet other) {
        var both = (BitSet) one.clone();
        both.or(other);
        return both;
    }

    /** What reaches a place, with what is changed there. */
    private BitSet with(ReadPoint point, BitSet before) {
        var now = (BitSet) before.clone();
        for (Change change : changes) {
            if (change.site() == point.site()) {
                for (int block : change.blocks()) {
                    if (block == point.block()) {
                        for (int position : change.positions()) {
                            now.set(position);
                        }
                    }
                }
            }
        }
        reached.put(point, now);
        return now;
    }
}
