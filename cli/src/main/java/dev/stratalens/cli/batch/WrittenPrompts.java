package dev.stratalens.cli.batch;

import dev.stratalens.cli.corpus.CorpusFormat;
import dev.stratalens.cli.corpus.TextLines;
import dev.stratalens.client.request.Prompt;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Lines that are prompts: text, or JSON objects that may say what is computed. Not thread-safe. */
final class WrittenPrompts implements PromptLines.Source {

    private final PromptFile file;
    private final TextLines lines;

    WrittenPrompts(PromptFile file) throws IOException {
        this.file = file;
        this.lines = file.corpus().lines();
    }

    @Override
    public @Nullable BatchPrompt next() throws IOException {
        String line = lines.next();
        while (line != null && isEmpty(line)) {
            line = lines.next();
        }
        return line == null ? null : prompt(line);
    }

    private boolean isText() {
        return file.corpus().format() == CorpusFormat.TEXT;
    }

    private boolean isEmpty(String line) {
        return isText() ? line.isEmpty() : line.isBlank();
    }

    private BatchPrompt prompt(String line) {
        int number = lines.number();
        return isText()
                ? new BatchPrompt(number, Integer.toString(number), new Prompt.Text(line), file.defaults(), "")
                : PromptJson.parse(line, number, file.defaults());
    }

    @Override
    public String place() {
        return file.place(lines.number());
    }

    @Override
    public void close() throws IOException {
        lines.close();
    }
}
