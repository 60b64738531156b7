package dev.stratalens.server.text.jinja;

/** A function, macro or method. */
@FunctionalInterface
interface Callable {
    Object call(Arguments arguments, Fuel fuel);
}
