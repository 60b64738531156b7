package dev.stratalens.client.request;

import dev.stratalens.client.internal.text.WholeText;
import java.util.Objects;

/**
 * A prompt to encode.
 *
 * @param model name of a served model; empty = the only one served
 * @param prompt the prompt
 * @param specialTokens for a text: whether the tokenizer adds its special tokens
 */
public record TokenizeRequest(String model, Prompt prompt, SpecialTokens specialTokens) {

    /** Checks that nothing is missing, and that the name is whole, with no unpaired surrogate. */
    public TokenizeRequest {
        WholeText.require("model", model);
        Objects.requireNonNull(prompt, "prompt");
        Objects.requireNonNull(specialTokens, "specialTokens");
    }

    /** A text, read exactly as it is. */
    public TokenizeRequest(String model, String text, SpecialTokens specialTokens) {
        this(model, new Prompt.Text(text), specialTokens);
    }
}
