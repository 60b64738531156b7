package dev.stratalens.engine.text;

import dev.stratalens.engine.error.InvalidCheckpointException;
import dev.stratalens.engine.error.InvalidCheckpointException.Problem;
import java.util.Map;

/**
 * What makes a tokenizer, wherever it was found.
 *
 * @param file the file that it came from, for messages, without its directory
 * @param json what a {@code tokenizer.json} would hold, in UTF-8. Not copied: read-only.
 * @param specialTokens texts of the tokens that chat templates know by name: {@code bos_token}, {@code eos_token} and others
 * @param chatTemplates Jinja templates by name; empty if the model is no chat model
 */
public record TokenizerDefinition(
        String file, byte[] json, Map<String, String> specialTokens, Map<String, String> chatTemplates) {

    /** The template that is used where none is named. */
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
