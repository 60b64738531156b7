package dev.stratalens.client.result;

import java.util.OptionalInt;

/**
 * One token of a prompt.
 *
 * @param token the vocabulary entry
 * @param start first byte of the token in the prompt's UTF-8; fragments of one character share its range, special tokens
 *     that were added have an empty range; absent where the prompt was given as ids
 * @param end byte after the last, absent like {@code start}
 */
public record PromptToken(Token token, OptionalInt start, OptionalInt end) {

    /** Checks that the range is whole. */
    public PromptToken {
        if (start.isPresent() != end.isPresent()) {
            throw new IllegalArgumentException("a byte range has both ends or none: " + start + " .. " + end);
        }
        if (start.isPresent() && (start.getAsInt() < 0 || end.getAsInt() < start.getAsInt())) {
            throw new IllegalArgumentException(
                    "byte range " + start.getAsInt() + " .. " + end.getAsInt() + " is not ascending from 0");
        }
    }
}
