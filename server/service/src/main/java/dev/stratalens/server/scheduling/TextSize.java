package dev.stratalens.server.scheduling;

import dev.stratalens.engine.lens.request.LensPrompt;
import dev.stratalens.engine.lens.request.RequestedPlan;
import dev.stratalens.engine.lens.request.RequestedTarget;

/**
 * How long the texts of a request are, before they are read.
 *
 * @param characters and ids; the largest number for a chat, whose template is a program
 */
record TextSize(int characters) {

    /** A text of this size is read in a millisecond at most. */
    private static final int BRIEF = 1024;

    static TextSize of(RequestedPlan request) {
        int size = request.targets().stream().mapToInt(TextSize::of).sum();
        for (LensPrompt prompt : request.prompts()) {
            size += Math.min(of(prompt), Integer.MAX_VALUE - size);
        }
        return new TextSize(size);
    }

    private static int of(RequestedTarget target) {
        return target instanceof RequestedTarget.Text word ? word.text().length() : 1;
    }

    private static int of(LensPrompt prompt) {
        if (prompt instanceof LensPrompt.Text text) {
            return text.text().length();
        }
        if (prompt instanceof LensPrompt.TokenIds tokens) {
            return tokens.ids().length;
        }
        return Integer.MAX_VALUE;
    }

    /** Whether they are read sooner than they are handed to another thread. */
    boolean isBrief() {
        return characters <= BRIEF;
    }
}
