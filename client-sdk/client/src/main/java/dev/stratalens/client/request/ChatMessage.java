package dev.stratalens.client.request;

import com.google.auto.value.AutoValue;
import dev.stratalens.client.internal.argument.WholeText;

/** One message of a chat. */
@AutoValue
public abstract class ChatMessage {

    ChatMessage() {}

    /**
     * A message.
     *
     * @throws dev.stratalens.client.error.UnpairedSurrogateException if a text is not whole
     */
    public static ChatMessage of(String role, String content) {
        return new AutoValue_ChatMessage(WholeText.require("role", role), WholeText.require("content", content));
    }

    /** Who speaks, as the model's template names it: usually {@code system}, {@code user} or {@code assistant}. */
    public abstract String role();

    /** What is said. */
    public abstract String content();
}
