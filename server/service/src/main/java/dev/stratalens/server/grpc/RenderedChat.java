package dev.stratalens.server.grpc;

import dev.stratalens.engine.error.InvalidFieldException;
import dev.stratalens.engine.error.InvalidFieldException.Problem;
import dev.stratalens.engine.text.ChatMessage;
import dev.stratalens.engine.text.ChatTemplate;
import dev.stratalens.engine.text.ChatTemplate.Ending;
import dev.stratalens.engine.text.Tokenizer;
import dev.stratalens.v1.RenderChatRequest;
import java.util.ArrayList;
import java.util.List;

/** Reads a chat from a request and writes it as the model's template does. */
final class RenderedChat {

    private RenderedChat() {}

    static String of(RenderChatRequest request, Tokenizer tokenizer) {
        List<ChatMessage> messages = new ArrayList<>();
        for (dev.stratalens.v1.ChatMessage message : request.getMessagesList()) {
            if (message.getRole().isEmpty()) {
                throw InvalidFieldException.of(
                        "messages[%d].role".formatted(messages.size()),
                        Problem.MISSING,
                        "",
                        "Say who speaks: user, for example.");
            }
            messages.add(new ChatMessage(message.getRole(), message.getContent()));
        }
        if (messages.isEmpty()) {
            throw InvalidFieldException.of("messages", Problem.MISSING, "", "Give one message or more.");
        }
        ChatTemplate template = tokenizer
                .chatTemplate()
                .orElseThrow(() -> InvalidFieldException.of(
                        "messages",
                        Problem.NOT_UNDERSTOOD,
                        "a chat",
                        "The model has no chat template; send the text to be read as it is."));
        boolean generates = !request.hasAddGenerationPrompt() || request.getAddGenerationPrompt();
        return template.render(messages, generates ? Ending.GENERATION_PROMPT : Ending.NONE);
    }
}
