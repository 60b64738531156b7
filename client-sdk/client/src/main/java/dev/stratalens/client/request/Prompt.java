package dev.stratalens.client.request;

import dev.stratalens.client.internal.text.WholeText;
import java.util.List;

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
}
