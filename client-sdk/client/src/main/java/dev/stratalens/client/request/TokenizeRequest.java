package dev.stratalens.client.request;

import dev.stratalens.client.internal.text.WholeText;
import java.util.Objects;

/**
 * A text to encode.
 *
 * @param model name of a served model; empty = the only one served
 * @param text the text, read exactly as it is
 * @param specialTokens whether the tokenizer adds its special tokens
 */
public record TokenizeRequest(String model, String text, SpecialTokens specialTokens) {

    /** Checks that nothing is missing, and that both texts are whole, with no unpaired surrogate. */
    public TokenizeRequest {
        WholeText.require("model", model);
        WholeText.require("text", text);
        Objects.requireNonNull(specialTokens, "specialTokens");
    }
}
