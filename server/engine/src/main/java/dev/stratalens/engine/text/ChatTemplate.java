package dev.stratalens.engine.text;

import dev.stratalens.engine.error.InvalidFieldException;
import dev.stratalens.engine.error.InvalidFieldException.Problem;
import dev.stratalens.engine.text.jinja.Template;
import dev.stratalens.engine.text.jinja.runtime.TemplateException;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The chat template of a model, rendered as in transformers. Thread-safe. */
public final class ChatTemplate {

    /** Text after the last message. */
    public enum Ending {
        /** The opening of the model's own turn. */
        GENERATION_PROMPT,
        /** Nothing. */
        NONE
    }

    private final String source;
    private final Map<String, String> specialTokens;

    private ChatTemplate(String source, Map<String, String> specialTokens) {
        this.source = source;
        this.specialTokens = specialTokens;
    }

    static Optional<ChatTemplate> of(TokenizerDefinition definition) {
        return Optional.ofNullable(definition.chatTemplates().get(TokenizerDefinition.DEFAULT_TEMPLATE))
                .map(source -> new ChatTemplate(source, definition.specialTokens()));
    }

    /**
     * Renders a chat as one text with its special tokens; encode it without adding more.
     *
     * @throws InvalidFieldException if the template refuses the messages, cannot be parsed, or takes too many steps.
     *     Templates are parsed only here, so that a model with an unknown template can still read texts
     */
    public String render(List<ChatMessage> messages, Ending ending) {
        return render("messages", messages, ending, Map.of());
    }

    /**
     * Like {@link #render(List, Ending)}, with further variables for the template.
     *
     * @param field field of the request with the messages, for errors
     * @param arguments such as {@code enable_thinking} or {@code tools}: booleans, longs, doubles, strings, lists and maps;
     *     they replace special tokens of the same name, but not the messages
     */
    public String render(String field, List<ChatMessage> messages, Ending ending, Map<String, Object> arguments) {
        Map<String, Object> variables = new HashMap<>(specialTokens);
        variables.put("tools", null);
        variables.put("documents", null);
        variables.putAll(arguments);
        variables.put(
                "messages",
                messages.stream()
                        .map(message -> Map.of("role", message.role(), "content", message.content()))
                        .toList());
        variables.put("add_generation_prompt", ending == Ending.GENERATION_PROMPT);
        try {
            return Template.parse(source).render(variables, LocalDateTime.now(ZoneId.systemDefault()));
        } catch (TemplateException e) {
            throw InvalidFieldException.of(
                    field,
                    Problem.NOT_UNDERSTOOD,
                    String.join(", ", messages.stream().map(ChatMessage::role).toList()),
                    "The model's chat template cannot be rendered: %s. Change the messages, or send a text instead."
                            .formatted(e.getMessage()));
        }
    }
}
