package dev.stratalens.client.result;

import java.util.List;

/**
 * A text as a model reads it.
 *
 * @param tokens its tokens
 * @param contextLength longest prompt of the model, in tokens; a text may have more
 */
public record Tokenization(List<PromptToken> tokens, int contextLength) {

    /** Copies the tokens. */
    public Tokenization {
        tokens = List.copyOf(tokens);
    }
}
