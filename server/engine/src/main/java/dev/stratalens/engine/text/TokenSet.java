package dev.stratalens.engine.text;

import java.util.BitSet;

/** Some ids of a vocabulary. Immutable. */
public final class TokenSet {

    /** No ids. */
    public static final TokenSet NONE = new TokenSet(new BitSet());

    private final BitSet ids;

    /** Copies ids. */
    public TokenSet(BitSet ids) {
        this.ids = (BitSet) ids.clone();
    }

    /** Whether an id belongs to the set. */
    public boolean contains(int id) {
        return ids.get(id);
    }

    /** Number of ids below a size. */
    public int countBelow(int vocabularySize) {
        return ids.get(0, vocabularySize).cardinality();
    }
}
