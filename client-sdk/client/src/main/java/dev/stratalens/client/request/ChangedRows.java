package dev.stratalens.client.request;

import com.google.auto.value.AutoValue;
import java.util.List;
import java.util.Optional;

/** Rows that an intervention changes: of a site, in each of some blocks, at each of some positions. */
@AutoValue
public abstract class ChangedRows {

    ChangedRows() {}

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
        return of(Optional.of(site), List.of(), List.of(), List.of(), false, Generated.NONE);
    }

    /** The outputs of attention heads; none = of all. */
    public static ChangedRows attentionHeads(IndexRange... heads) {
        return of(Optional.empty(), List.of(), List.of(), List.of(heads), false, Generated.NONE);
    }

    private static ChangedRows of(
            Optional<Site> site,
            List<IndexRange> layers,
            List<IndexRange> positions,
            List<IndexRange> heads,
            boolean skipsFirstToken,
            Generated generated) {
        return new AutoValue_ChangedRows(site, layers, positions, heads, skipsFirstToken, generated);
    }

    /** The site; empty for the outputs of attention heads, before the output projection. */
    public abstract Optional<Site> site();

    /** Blocks; none = all that have the site. */
    public abstract List<IndexRange> layers();

    /** Tokens of the prompt; none = all. */
    public abstract List<IndexRange> positions();

    /** Attention heads; none = all. */
    public abstract List<IndexRange> heads();

    /** Whether the prompt's first token is left out. */
    public abstract boolean skipsFirstToken();

    /** Which tokens of a generation. */
    public abstract Generated generated();

    /** The same in some blocks. */
    public final ChangedRows layers(IndexRange... some) {
        return of(site(), List.of(some), positions(), heads(), skipsFirstToken(), generated());
    }

    /** The same at some positions. */
    public final ChangedRows positions(IndexRange... some) {
        return of(site(), layers(), List.of(some), heads(), skipsFirstToken(), generated());
    }

    /** The same without the prompt's first token, where many models keep something else than the token. */
    public final ChangedRows withoutFirstToken() {
        return of(site(), layers(), positions(), heads(), true, generated());
    }

    /** The same with tokens of a generation. */
    public final ChangedRows generated(Generated tokens) {
        return of(site(), layers(), positions(), heads(), skipsFirstToken(), tokens);
    }
}
