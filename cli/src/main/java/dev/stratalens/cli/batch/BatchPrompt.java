package dev.stratalens.cli.batch;

import dev.stratalens.cli.failure.CliException;
import dev.stratalens.cli.input.LensSettings;
import dev.stratalens.client.request.LensRequest;
import dev.stratalens.client.request.Prompt;

/**
 * One prompt of a file.
 *
 * @param line its line, from 1
 * @param id unique in the file, 1 to {@value #LONGEST_ID} characters
 * @param prompt what the model reads
 * @param settings what to compute
 * @param type what kind of prompt it is; may be empty
 */
public record BatchPrompt(int line, String id, Prompt prompt, LensSettings settings, String type) {

    static final int LONGEST_ID = 256;

    /** Refuses what cannot be read. */
    public BatchPrompt {
        if (id.isEmpty() || id.length() > LONGEST_ID) {
            throw CliException.usage("an id has 1 to %d characters, not %d.".formatted(LONGEST_ID, id.length()));
        }
        if (prompt instanceof Prompt.Text text && text.text().isEmpty()) {
            throw CliException.usage("the text is empty; give one character or more.");
        }
        if (prompt instanceof Prompt.TokenIds ids && ids.ids().isEmpty()) {
            throw CliException.usage("token_ids is empty; give one or more.");
        }
        settings.check();
    }

    /** The type, also of a prompt that names none. */
    public String typeName() {
        return type.isEmpty() ? "untyped" : type;
    }

    /** Starts a request that has the prompt and nothing else. */
    LensRequest.Builder request() {
        return prompt instanceof Prompt.TokenIds ids
                ? LensRequest.ofTokenIds(
                        ids.ids().stream().mapToInt(Integer::intValue).toArray())
                : LensRequest.of(((Prompt.Text) prompt).text());
    }
}
