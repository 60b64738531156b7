package dev.stratalens.engine.lens.plan;

import dev.stratalens.engine.error.InvalidFieldException;
import dev.stratalens.engine.error.InvalidFieldException.Problem;
import dev.stratalens.engine.text.ChatTemplate;
import dev.stratalens.engine.text.Tokenizer;
import java.util.List;

/** Renders a chat with a model's own template. */
public final class ChatRenderer {

    private ChatRenderer() {}

    /**
     * Renders a chat as one text with its special tokens; encode it without adding more.
     *
     * @param field field of the request with the chat, for errors; empty if the request itself has its parts
     * @throws InvalidFieldException if there is no message, a message has no role, the model has no template, or the
     *     template refuses the chat
     */
    public static String render(String field, LensPrompt.Chat chat, Tokenizer tokenizer) {
        String prefix = field.isEmpty() ? "" : field + ".";
        for (int i = 0; i < chat.messages().size(); i++) {
            if (chat.messages().get(i).role().isEmpty()) {
                throw InvalidFieldException.of(
                        "%smessages[%d].role".formatted(prefix, i),
                        Problem.MISSING,
                        "",
                        "Give the role of the speaker, such as user.");
            }
        }
        if (chat.messages().isEmpty()) {
            throw InvalidFieldException.of(prefix + "messages", Problem.MISSING, "", "Give one message or more.");
        }
        ChatTemplate template = tokenizer
                .chatTemplate()
                .orElseThrow(() -> InvalidFieldException.notThere(
                        prefix + "messages",
                        "a chat",
                        "the model has no chat template",
                        List.of(),
                        "Send a text instead."));
        return template.render(prefix + "messages", chat.messages(), chat.ending(), chat.templateArguments());
    }
}
