package dev.stratalens.client.result;

import com.google.auto.value.AutoValue;
import java.util.OptionalInt;

/** One token of a prompt. */
@AutoValue
public abstract class PromptToken {

    PromptToken() {}

    /** A token of a prompt that was given as ids, so that it has no place in a text. */
    public static PromptToken of(Token token) {
        return new AutoValue_PromptToken(token, OptionalInt.empty(), OptionalInt.empty());
    }

    /**
     * A token of a text.
     *
     * @throws IllegalArgumentException if the range does not ascend from 0
     */
    public static PromptToken of(Token token, int start, int end) {
        if (start < 0 || end < start) {
            throw new IllegalArgumentException("byte range " + start + " .. " + end + " is not ascending from 0");
        }
        return new AutoValue_PromptToken(token, OptionalInt.of(start), OptionalInt.of(end));
    }

    /** The vocabulary entry. */
    public abstract Token token();

    /**
     * First byte of the token in the prompt's UTF-8. Fragments of one character share its range, special tokens that were added have
     * an empty range. Absent where the prompt was given as ids.
     */
    public abstract OptionalInt start();

    /** Byte after the last, absent like {@link #start()}. */
    public abstract OptionalInt end();
}
