package dev.stratalens.spark;

import dev.stratalens.cli.batch.BatchPrompt;
import dev.stratalens.cli.input.LensSettings;
import dev.stratalens.client.request.Prompt;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Row;

/**
 * A text that is asked for.
 *
 * @param id of the text
 * @param text what the model reads
 * @param type what kind of text it is; may be empty
 * @param target a target of its own
 */
record TextRow(String id, String text, String type, Optional<String> target) {

    static final String ID = "id";
    static final String TEXT = "text";
    static final String TYPE = "type";
    static final String TARGET = "target";

    /** Reads a row that has these columns in this order. */
    static TextRow of(Row row) {
        return new TextRow(row.getString(0), row.getString(1), row.getString(2), Optional.ofNullable(row.getString(3)));
    }

    /**
     * The same as {@code batch} has it.
     *
     * @throws dev.stratalens.cli.failure.CliException if there is no text, or the id is too long
     */
    BatchPrompt prompt(LensSettings settings) {
        LensSettings own =
                target.map(each -> settings.withTargets(List.of(each))).orElse(settings);
        return new BatchPrompt(1, id, new Prompt.Text(text), own, type);
    }
}
