package dev.stratalens.client.request;

import java.util.Objects;

/**
 * One message of a chat.
 *
 * @param role who speaks, as the model's template names it: usually {@code system}, {@code user} or {@code assistant}
 * @param content what is said
 */
public record ChatMessage(String role, String content) {

    /** Checks that nothing is missing. */
    public ChatMessage {
        Objects.requireNonNull(role, "role");
        Objects.requireNonNull(content, "content");
    }
}
