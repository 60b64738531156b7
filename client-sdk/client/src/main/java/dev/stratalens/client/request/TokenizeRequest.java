package dev.stratalens.client.request;

import java.util.Objects;

/**
 * A text to encode.
 *
 * @param model name of a served model; empty = the only one served
 * @param text the text, read exactly as it is
 * @param specialTokens whether the tokenizer adds its special tokens
 */
public record TokenizeRequest(String model, String text, SpecialTokens specialTokens) {

    /** Checks that nothing is missing. */
    public TokenizeRequest {
        Objects.requireNonNull(model, "model");
        Objects.requireNonNull(text, "text");
        Objects.requireNonNull(specialTokens, "specialTokens");
    }
}
