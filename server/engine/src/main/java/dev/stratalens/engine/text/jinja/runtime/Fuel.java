package dev.stratalens.engine.text.jinja.runtime;

/**
 * The remaining steps of a rendering. They are limited because templates come from model files, which may come from
 * anywhere.
 */
public final class Fuel {

    /** Limit for evaluations and created values: each element and each eight characters count as a step. */
    private static final long STEPS = 5_000_000;

    private static final int MAXIMUM_DEPTH = 100;

    private long left = STEPS;
    private int depth;

    public void spend(long steps) {
        left -= steps;
        if (left < 0) {
            throw new TemplateException("it takes more than %,d steps".formatted(STEPS));
        }
    }

    /** Pays for a text or list before it is created. */
    public void make(long size) {
        spend(1 + size / 8);
    }

    public String made(String text) {
        make(text.length());
        return text;
    }

    public void enter() {
        if (++depth > MAXIMUM_DEPTH) {
            throw new TemplateException("it calls itself, or nests values, more than %d deep".formatted(MAXIMUM_DEPTH));
        }
    }

    public void leave() {
        depth--;
    }
}
