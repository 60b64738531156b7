package dev.stratalens.client.request;

import dev.stratalens.client.internal.text.WholeText;

/**
 * One message of a chat.
 *
 * @param role who speaks, as the model's template names it: usually {@code system}, {@code user} or {@code assistant}
 * @param content what is said
 */
public record ChatMessage(String role, String content) {

    /** Checks that nothing is missing, and that both texts are whole, with no unpaired surrogate. */
    public ChatMessage {
        WholeText.require("role", role);
        WholeText.require("content", content);
    }
}
