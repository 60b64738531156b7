package dev.stratalens.cli.batch;

import dev.stratalens.cli.corpus.CorpusReader;
import dev.stratalens.cli.corpus.CorpusRow;
import dev.stratalens.cli.input.LensSettings;
import dev.stratalens.client.request.Prompt;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Rows of a corpus as prompts, each with the settings of the command. Not thread-safe. */
final class RowPrompts implements PromptLines.Source {

    private final LensSettings defaults;
    private final CorpusReader rows;

    RowPrompts(PromptFile file) {
        this.defaults = file.defaults();
        this.rows = file.corpus().open();
    }

    @Override
    public @Nullable BatchPrompt next() throws IOException {
        CorpusRow row = rows.next();
        if (row == null) {
            return null;
        }
        int number = rows.number();
        LensSettings settings = row.target()
                .map(target -> defaults.withTargets(List.of(target)))
                .orElse(defaults);
        return new BatchPrompt(
                number,
                row.id().orElse(Integer.toString(number)),
                new Prompt.Text(row.text()),
                settings,
                row.type().orElse(""));
    }

    @Override
    public String place() {
        return rows.place();
    }

    @Override
    public void close() throws IOException {
        rows.close();
    }
}
