package dev.stratalens.cli.explore.form;

import dev.stratalens.client.request.ChatMessage;
import dev.stratalens.client.request.Prompt;
import dev.stratalens.client.request.SpecialTokens;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A prompt as the page has it.
 *
 * @param model name of a served model; empty = the only one
 * @param text as typed
 * @param chat whether it is a message, read through the model's template
 * @param system the first message; none without {@code chat}
 * @param earlier messages between it and the text; none without {@code chat}
 * @param specialTokens whether the tokenizer adds its own; its default if absent
 */
public record PromptForm(
        @Nullable String model,
        @Nullable String text,
        boolean chat,
        @Nullable String system,
        @Nullable List<Message> earlier,
        @Nullable SpecialTokens specialTokens) {

    /**
     * A message of a chat.
     *
     * @param role who speaks, as the template names it; {@code user} if absent
     * @param content what is said
     */
    public record Message(@Nullable String role, @Nullable String content) {

        ChatMessage whole() {
            return ChatMessage.of(Objects.requireNonNullElse(role, "user"), Objects.requireNonNullElse(content, ""));
        }
    }

    /** The model's name, empty for the only one. */
    public String servedName() {
        return model == null ? "" : model;
    }

    /** What the model is to read. */
    public Prompt prompt() {
        String typed = text == null ? "" : text;
        if (!chat) {
            return new Prompt.Text(typed);
        }
        List<ChatMessage> messages = new ArrayList<>();
        if (system != null && !system.isEmpty()) {
            messages.add(ChatMessage.of("system", system));
        }
        if (earlier != null) {
            earlier.forEach(message -> messages.add(message.whole()));
        }
        messages.add(ChatMessage.of("user", typed));
        return Prompt.Chat.of(messages);
    }

    /** A template writes its special tokens itself. */
    public SpecialTokens added() {
        return chat ? SpecialTokens.NONE : specialTokens == null ? SpecialTokens.TOKENIZER_DEFAULT : specialTokens;
    }
}
