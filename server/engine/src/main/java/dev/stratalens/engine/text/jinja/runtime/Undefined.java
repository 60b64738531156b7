package dev.stratalens.engine.text.jinja.runtime;

/**
 * The value of a missing name, key or index: it prints as nothing, is false and empty, and an error in all other uses.
 *
 * @param what name of the missing value
 */
public record Undefined(String what) {

    public TemplateException failure() {
        return new TemplateException(what + " is undefined");
    }
}
