package dev.stratalens.engine.text.jinja.runtime;

/** Thrown if a template cannot be rendered: it has an unknown construct, refuses its input, or takes too many steps. */
public final class TemplateException extends RuntimeException {

    private static final long serialVersionUID = 1;

    /** @param message a clause that says what is wrong, without a period */
    public TemplateException(String message) {
        super(message);
    }
}
