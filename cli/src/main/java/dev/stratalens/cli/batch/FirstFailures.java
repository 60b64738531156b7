package dev.stratalens.cli.batch;

import dev.stratalens.client.error.LensException;
import dev.stratalens.engine.error.PrintableText;
import java.util.ArrayList;
import java.util.List;

/** The first failures of a file of prompts, in words; a corpus may have any number. */
public final class FirstFailures {

    private static final int SHOWN = 3;

    private final PromptFile prompts;
    private final List<String> failures = new ArrayList<>();

    /** None yet. */
    public FirstFailures(PromptFile prompts) {
        this.prompts = prompts;
    }

    /** Adds a failure of a prompt. */
    public void add(BatchPrompt prompt, LensException failure) {
        add(prompt, ": %s: %s".formatted(failure.code(), failure.getMessage()));
    }

    /** @param words what follows the prompt's place and id */
    void add(BatchPrompt prompt, String words) {
        if (failures.size() < SHOWN) {
            failures.add(PrintableText.of("%s, \"%s\"%s".formatted(prompts.place(prompt.line()), prompt.id(), words)));
        }
    }

    /** Can be printed: ids and messages come from files and servers. */
    public List<String> inWords() {
        return List.copyOf(failures);
    }
}
