package dev.stratalens.server.grpc.request;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.stratalens.engine.error.InvalidFieldException;
import dev.stratalens.engine.error.InvalidFieldException.Problem;
import dev.stratalens.engine.lens.request.LensPrompt;
import dev.stratalens.engine.lens.request.LensPrompt.SpecialTokens;
import dev.stratalens.engine.text.ChatMessage;
import dev.stratalens.engine.text.ChatTemplate.Ending;
import dev.stratalens.v1.Chat;
import dev.stratalens.v1.Prompt;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads prompts. */
public final class PromptParser {

    /** Whole numbers up to here have exact doubles. */
    private static final double MAX_WHOLE = 1L << 53;

    private PromptParser() {}

    /**
     * A prompt in one of its forms.
     *
     * @param field of the request that holds it
     * @param given whether it is there
     */
    public static LensPrompt parse(String field, boolean given, Prompt prompt) {
        if (!given) {
            throw missing(field);
        }
        return switch (prompt.getFormCase()) {
            case TEXT ->
                new LensPrompt.Text(
                        prompt.getText(),
                        prompt.getOmitSpecialTokens() ? SpecialTokens.NONE : SpecialTokens.TOKENIZER_DEFAULT);
            case TOKEN_IDS ->
                new LensPrompt.TokenIds(prompt.getTokenIds().getIdsList().stream()
                        .mapToInt(Integer::intValue)
                        .toArray());
            case CHAT -> chat(field + ".chat", prompt.getChat());
            case FORM_NOT_SET -> throw missing(field);
        };
    }

    /**
     * A conversation.
     *
     * @param field of the request that holds it
     */
    public static LensPrompt.Chat chat(String field, Chat chat) {
        return new LensPrompt.Chat(
                chat.getMessagesList().stream()
                        .map(message -> new ChatMessage(message.getRole(), message.getContent()))
                        .toList(),
                chat.getOmitGenerationPrompt() ? Ending.NONE : Ending.GENERATION_PROMPT,
                arguments(field + ".template_arguments", chat.getTemplateArguments()));
    }

    private static InvalidFieldException missing(String field) {
        return InvalidFieldException.of(field, Problem.MISSING, "", "Give a text, token_ids or a chat.");
    }

    private static Map<String, Object> arguments(String field, Struct struct) {
        Map<String, Object> arguments = new LinkedHashMap<>();
        struct.getFieldsMap().forEach((name, value) -> arguments.put(name, argument(field, value)));
        return arguments;
    }

    private static Object argument(String field, Value value) {
        return switch (value.getKindCase()) {
            case BOOL_VALUE -> value.getBoolValue();
            case NUMBER_VALUE -> number(value.getNumberValue());
            case STRING_VALUE -> value.getStringValue();
            case STRUCT_VALUE -> arguments(field, value.getStructValue());
            case LIST_VALUE -> list(field, value);
            case NULL_VALUE, KIND_NOT_SET ->
                throw InvalidFieldException.of(field, Problem.NOT_UNDERSTOOD, "null", "Leave out what has no value.");
        };
    }

    private static List<Object> list(String field, Value value) {
        return value.getListValue().getValuesList().stream()
                .map(element -> argument(field, element))
                .toList();
    }

    /** The wire knows doubles only; templates tell 2 from 2.0. */
    private static Object number(double number) {
        if (number == Math.rint(number) && Math.abs(number) <= MAX_WHOLE) {
            return (long) number;
        }
        return number;
    }
}
