package dev.stratalens.engine.text.jinja.runtime;

/** A template cannot be rendered: it is not understood, refuses its input, or does too much. */
public final class TemplateException extends RuntimeException {

    private static final long serialVersionUID = 1;

    /** @param message a clause that says what is wrong, without a full stop */
    public TemplateException(String message) {
        super(message);
    }
}
