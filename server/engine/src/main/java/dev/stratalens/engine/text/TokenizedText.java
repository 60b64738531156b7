package dev.stratalens.engine.text;

/**
 * A text as tokens. The arrays have one element per token. They are not copied: treat them as read-only.
 *
 * @param ids vocabulary ids
 * @param starts offset of the first byte of each token in the text's UTF-8; fragments of one character share its range,
 *     added special tokens have an empty range
 * @param ends offset after the last byte of each token
 */
public record TokenizedText(int[] ids, int[] starts, int[] ends) {}
