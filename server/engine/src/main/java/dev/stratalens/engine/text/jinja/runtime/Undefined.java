package dev.stratalens.engine.text.jinja.runtime;

/**
 * The value of a name, key or index that is not there: written as nothing, false, empty, and an error in all other uses.
 *
 * @param what what is not there
 */
public record Undefined(String what) {

    public TemplateException failure() {
        return new TemplateException(what + " is undefined");
    }
}
