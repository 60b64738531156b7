package dev.stratalens.engine.text.jinja;

/** An expression, ready to be evaluated. */
@FunctionalInterface
interface Expression {
    Object value(Frame frame);
}
