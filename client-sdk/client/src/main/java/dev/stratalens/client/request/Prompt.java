package dev.stratalens.client.request;

import dev.stratalens.client.internal.text.WholeText;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What the model reads. */
public sealed interface Prompt {

    /**
     * A text, read exactly as it is: nothing is trimmed or added but the tokenizer's own special tokens.
     *
     * @param text the text
     */
    record Text(String text) implements Prompt {
        /** Checks that the text is whole, with no unpaired surrogate. */
        public Text {
            WholeText.require("text", text);
        }
    }

    /**
     * Vocabulary ids, used as they are.
     *
     * @param ids one a token, each 0 .. V-1
     */
    record TokenIds(List<Integer> ids) implements Prompt {
        /** Copies the ids and checks that none is negative. */
        public TokenIds {
            ids = List.copyOf(ids);
            for (int id : ids) {
                if (id < 0) {
                    throw new IllegalArgumentException("token id " + id + " is negative; ids start at 0");
                }
            }
        }
    }

    /**
     * A chat, written by the model's own template, which writes the special tokens too.
     *
     * @param messages what was said, in order; one or more
     * @param templateArguments what the template is told beside the messages, such as {@code enable_thinking}: names and
     *     meanings are the template's; values are strings, numbers, booleans, and lists and maps of them
     * @param generationPrompt whether the opening of the model's own turn follows the last message
     */
    record Chat(List<ChatMessage> messages, Map<String, Object> templateArguments, boolean generationPrompt)
            implements Prompt {
        /** Copies the collections and checks that there is a message. */
        public Chat {
            messages = List.copyOf(messages);
            templateArguments = Map.copyOf(templateArguments);
            if (messages.isEmpty()) {
                throw new IllegalArgumentException("a chat has one message or more");
            }
        }

        /** With the opening of the model's own turn, and no arguments for the template. */
        public Chat(List<ChatMessage> messages) {
            this(messages, Map.of(), true);
        }

        /** The same with an argument for the template. */
        public Chat withArgument(String name, Object value) {
            Map<String, Object> more = new HashMap<>(templateArguments);
            more.put(name, value);
            return new Chat(messages, more, generationPrompt);
        }

        /** The same without the opening of the model's own turn. */
        public Chat withoutGenerationPrompt() {
            return new Chat(messages, templateArguments, false);
        }
    }
}
