package dev.stratalens.server.text.jinja;

/**
 * The value of a name, key or index that is not there: written as nothing, false, empty, and an error in all other uses.
 *
 * @param what what is not there
 */
record Undefined(String what) {

    TemplateException failure() {
        return new TemplateException(what + " is undefined");
    }
}
