package dev.stratalens.engine.text;

/**
 * One message of a chat.
 *
 * @param role the speaker, as the model's template names it: usually {@code system}, {@code user} or {@code assistant}
 * @param content the text
 */
public record ChatMessage(String role, String content) {}
