package dev.stratalens.client.request;

import dev.stratalens.client.internal.argument.WholeText;
import dev.stratalens.client.result.TargetInfo;

/** A token whose rank and log-probability are wanted in every cell. More kinds may be added: keep a branch for others. */
public sealed interface LensTarget {

    /** The token that follows in the prompt; none at the prompt's last position. */
    record NextToken() implements LensTarget {}

    /** What the model itself predicts at the position. */
    record FinalTop() implements LensTarget {}

    /**
     * A vocabulary id.
     *
     * @param id 0 .. V-1
     */
    record TokenId(int id) implements LensTarget {
        /** Checks that the id is not negative. */
        public TokenId {
            if (id < 0) {
                throw new IllegalArgumentException("token id " + id + " is negative; ids start at 0");
            }
        }
    }

    /**
     * A word: the vocabulary entry equal to it (a leading space counts), else the first token of its encoding without
     * special tokens; {@link TargetInfo#tokens()} lists them all.
     *
     * @param text the word, not empty
     */
    record Text(String text) implements LensTarget {
        /** Checks that the text is not empty, and whole: with no unpaired surrogate. */
        public Text {
            WholeText.require("target", text);
            if (text.isEmpty()) {
                throw new IllegalArgumentException("the target's text is empty; give a word, for example \" Paris\"");
            }
        }
    }

    /** Whether it stands for another token at every position. */
    default boolean dependsOnPosition() {
        return this instanceof NextToken || this instanceof FinalTop;
    }

    /** The token that follows in the prompt. */
    static LensTarget nextToken() {
        return new NextToken();
    }

    /** What the model itself predicts. */
    static LensTarget finalTop() {
        return new FinalTop();
    }

    /** A vocabulary id. */
    static LensTarget id(int id) {
        return new TokenId(id);
    }

    /** A word. */
    static LensTarget text(String text) {
        return new Text(text);
    }
}
