package dev.stratalens.engine.lens.plan;

import dev.stratalens.engine.text.ChatMessage;
import dev.stratalens.engine.text.ChatTemplate.Ending;
import java.util.List;
import java.util.Map;

/** What the model is to read. */
public sealed interface LensPrompt {

    /** A text, read as it is; nothing is trimmed. */
    record Text(String text, SpecialTokens specialTokens) implements LensPrompt {}

    /** Vocabulary ids, used as they are. The array is not copied: read-only. */
    record TokenIds(int[] ids) implements LensPrompt {}

    /**
     * A chat, written as the model's own template writes it.
     *
     * @param messages one or more
     * @param ending what follows the last message
     * @param templateArguments further variables of the template, such as {@code enable_thinking}: booleans, longs,
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

    /** Which tokens a tokenizer adds to a text. */
    enum SpecialTokens {
        /** Those of its own template, such as BOS. */
        TOKENIZER_DEFAULT,
        /** None. */
        NONE
    }
}
