package dev.stratalens.client.request;

/** Whether a tokenizer puts its own special tokens, such as BOS, around a text. */
public enum SpecialTokens {
    /** As the tokenizer itself is configured. */
    TOKENIZER_DEFAULT,
    /** None are added. */
    NONE
}
