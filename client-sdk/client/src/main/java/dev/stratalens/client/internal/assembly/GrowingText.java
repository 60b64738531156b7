package dev.stratalens.client.internal.assembly;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.stratalens.client.result.PromptToken;
import dev.stratalens.client.result.Token;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A prompt and what is generated after it, with the place of each token. */
final class GrowingText {

    private final List<PromptToken> tokens;
    private final Optional<StringBuilder> text;
    /** Bytes of the text. */
    private int length;
    /** Tokens at the end that are fragments of a character that is not complete. */
    private int fragments;

    GrowingText(Optional<String> prompt, List<PromptToken> tokens) {
        this.tokens = new ArrayList<>(tokens);
        this.text = prompt.map(StringBuilder::new);
        this.length = prompt.map(some -> some.getBytes(UTF_8).length).orElse(0);
    }

    /** Adds a token; fragments of one character share its range. */
    void add(Token token, String completed) {
        if (text.isEmpty()) {
            tokens.add(PromptToken.of(token));
            return;
        }
        int start = length;
        length += completed.getBytes(UTF_8).length;
        text.get().append(completed);
        tokens.add(PromptToken.of(token, start, length));
        if (completed.isEmpty()) {
            fragments++;
            return;
        }
        for (int i = tokens.size() - 1 - fragments; i < tokens.size(); i++) {
            tokens.set(i, PromptToken.of(tokens.get(i).token(), start, length));
        }
        fragments = 0;
    }

    /** Prompt and generated tokens. */
    List<PromptToken> tokens() {
        return tokens;
    }

    /** The whole text; empty if the prompt was given as ids. */
    Optional<String> text() {
        return text.map(StringBuilder::toString);
    }
}
