package dev.stratalens.engine.text;

/**
 * A text as tokens. The arrays have one element a token and are not copied: treat them as read-only.
 *
 * @param ids vocabulary ids
 * @param starts first byte of each token in the text's UTF-8; fragments of one character share its range, special tokens
 *     that were added have an empty range
 * @param ends byte after the last
 */
public record TokenizedText(int[] ids, int[] starts, int[] ends) {}
