package dev.stratalens.engine.text;

import dev.stratalens.engine.error.InvalidFieldException;
import dev.stratalens.engine.error.InvalidFieldException.Problem;
import dev.stratalens.engine.text.jinja.Template;
import dev.stratalens.engine.text.jinja.runtime.TemplateException;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/** The chat template of a model, rendered as in transformers. Thread-safe. */
public final class ChatTemplate {

    /** Text after the last message. */
    public enum Ending {
        /** The opening of the model's own turn. */
        GENERATION_PROMPT,
        /** Nothing. */
        NONE
    }

    private final Map<String, String> sources;
    private final Map<String, String> specialTokens;

    private ChatTemplate(Map<String, String> sources, Map<String, String> specialTokens) {
        this.sources = sources;
        this.specialTokens = specialTokens;
    }

    /** The default template among several; a model that has only others refuses each chat with their names. */
    static Optional<ChatTemplate> of(TokenizerDefinition definition) {
        return Optional.of(definition.chatTemplates())
                .filter(templates -> !templates.isEmpty())
                .map(templates -> new ChatTemplate(templates, definition.specialTokens()));
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

    /** In this order, which a template can show. */
    private static Map<String, Object> variable(ChatMessage message) {
        var variable = new LinkedHashMap<String, Object>();
        variable.put("role", message.role());
        variable.put("content", message.content());
        return variable;
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
        variables.put("messages", messages.stream().map(ChatTemplate::variable).toList());
        variables.put("add_generation_prompt", ending == Ending.GENERATION_PROMPT);
        String source = sources.get(TokenizerDefinition.DEFAULT_TEMPLATE);
        if (source == null) {
            throw InvalidFieldException.notThere(
                    field,
                    "a chat",
                    "the model has no default chat template, only templates for %s"
                            .formatted(String.join(", ", new TreeSet<>(sources.keySet()))),
                    List.of(),
                    "Send a text instead.");
        }
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
