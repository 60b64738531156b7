package dev.stratalens.engine.lens.request;

import dev.stratalens.engine.text.ChatMessage;
import dev.stratalens.engine.text.ChatTemplate.Ending;
import java.util.List;
import java.util.Map;

/** The prompt of a request. */
public sealed interface LensPrompt {

    /** A text, encoded unchanged. */
    record Text(String text, SpecialTokens specialTokens) implements LensPrompt {}

    /** Vocabulary ids, used unchanged. The array is not copied: read-only. */
    record TokenIds(int[] ids) implements LensPrompt {}

    /**
     * A chat, rendered by the model's own template.
     *
     * @param messages one or more
     * @param ending the text after the last message
     * @param templateArguments further variables for the template, such as {@code enable_thinking}: booleans, longs,
     *     doubles, strings, lists and maps of these
     */
    record Chat(List<ChatMessage> messages, Ending ending, Map<String, Object> templateArguments)
            implements LensPrompt {

        /** Copies the collections. */
        public Chat {
            messages = List.copyOf(messages);
            templateArguments = Map.copyOf(templateArguments);
        }
    }

    /** The special tokens that a tokenizer adds to a text. */
    enum SpecialTokens {
        /** Those of its own template, such as BOS. */
        TOKENIZER_DEFAULT,
        /** None. */
        NONE
    }
}
