package dev.stratalens.engine.lens.request;

/** A target: a token to follow with its rank and log-probability in every cell. */
public sealed interface RequestedTarget {

    /** The prompt's next token; the prompt's last position has none. */
    record NextToken() implements RequestedTarget {}

    /** The model's own top-1 at the position. */
    record FinalTop() implements RequestedTarget {}

    /** A vocabulary id. */
    record TokenId(int id) implements RequestedTarget {}

    /** A word: the vocabulary entry equal to it, else the first token of its encoding. */
    record Text(String text) implements RequestedTarget {}
}
