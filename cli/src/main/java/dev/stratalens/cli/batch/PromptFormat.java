package dev.stratalens.cli.batch;

import java.util.Locale;

/** How prompts are written in a file. */
public enum PromptFormat {
    /** A JSON object a line. */
    JSONL,
    /** A line is a prompt, and its number the id. Empty lines are none. */
    TEXT;

    /** What a file of this name holds. */
    static PromptFormat of(String fileName) {
        return fileName.toLowerCase(Locale.ROOT).endsWith(".txt") ? TEXT : JSONL;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
