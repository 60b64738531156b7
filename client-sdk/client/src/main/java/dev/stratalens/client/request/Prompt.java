package dev.stratalens.client.request;

import com.google.auto.value.AutoValue;
import dev.stratalens.client.internal.argument.WholeText;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What the model reads. More kinds may be added: keep a branch for others. */
public sealed interface Prompt {

    /**
     * A text, read exactly as it is: nothing is trimmed or added but the tokenizer's own special tokens.
     *
     * @throws dev.stratalens.client.error.UnpairedSurrogateException if the text is not whole
     */
    static Text text(String text) {
        return new Text(text);
    }

    /** Vocabulary ids, used as they are. */
    static TokenIds tokenIds(int... ids) {
        return new TokenIds(Arrays.stream(ids).boxed().toList());
    }

    /** A chat, with the opening of the model's own turn, and no arguments for the template. */
    static Chat chat(ChatMessage... messages) {
        return Chat.of(List.of(messages));
    }

    /**
     * A text.
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
     * Vocabulary ids.
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

    /** A chat, written by the model's own template, which writes the special tokens too. */
    @AutoValue
    abstract non-sealed class Chat implements Prompt {
        Chat() {}

        /**
         * With the opening of the model's own turn, and no arguments for the template.
         *
         * @throws IllegalArgumentException if there is no message
         */
        public static Chat of(List<ChatMessage> messages) {
            if (messages.isEmpty()) {
                throw new IllegalArgumentException("a chat has one message or more");
            }
            return new AutoValue_Prompt_Chat(List.copyOf(messages), Map.of(), true);
        }

        /** What was said, in order; one or more. */
        public abstract List<ChatMessage> messages();

        /**
         * What the template is told besides the messages, such as {@code enable_thinking}. Names and meanings are the template's;
         * values are strings, numbers, booleans, and lists and maps of them.
         */
        public abstract Map<String, Object> templateArguments();

        /** Whether the opening of the model's own turn follows the last message. */
        public abstract boolean generationPrompt();

        /** The same with an argument for the template. */
        public final Chat withArgument(String name, Object value) {
            Map<String, Object> more = new HashMap<>(templateArguments());
            more.put(name, value);
            return new AutoValue_Prompt_Chat(messages(), Map.copyOf(more), generationPrompt());
        }

        /** The same without the opening of the model's own turn. */
        public final Chat withoutGenerationPrompt() {
            return new AutoValue_Prompt_Chat(messages(), templateArguments(), false);
        }
    }
}
