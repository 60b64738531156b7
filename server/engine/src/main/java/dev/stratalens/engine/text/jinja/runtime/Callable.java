package dev.stratalens.engine.text.jinja.runtime;

/** A function, macro or method. */
@FunctionalInterface
public interface Callable {
    Object call(Arguments arguments, Fuel fuel);
}
