package dev.stratalens.engine.text;

import dev.stratalens.engine.error.InvalidCheckpointException;
import dev.stratalens.engine.error.InvalidCheckpointException.Problem;
import java.util.Map;

/**
 * The definition of a tokenizer, independent of its files.
 *
 * @param file name of its file, for messages, without the directory
 * @param json contents of a {@code tokenizer.json}, in UTF-8. Not copied: read-only.
 * @param specialTokens texts of the tokens that chat templates use by name: {@code bos_token}, {@code eos_token} and
 *     others
 * @param chatTemplates Jinja templates by name; empty if the model is not a chat model
 */
public record TokenizerDefinition(
        String file, byte[] json, Map<String, String> specialTokens, Map<String, String> chatTemplates) {

    /** Name of the template that is used by default. */
    public static final String DEFAULT_TEMPLATE = "default";

    /** Copies the maps. */
    public TokenizerDefinition {
        specialTokens = Map.copyOf(specialTokens);
        chatTemplates = Map.copyOf(chatTemplates);
    }

    static InvalidCheckpointException fault(String file, String what) {
        return InvalidCheckpointException.of(Problem.TOKENIZER, file, what);
    }
}
