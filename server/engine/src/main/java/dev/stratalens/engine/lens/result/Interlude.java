package dev.stratalens.engine.lens.result;

/**
 * A break in a pass during which the engine may do other work: its work buffer is free. Called on the computing thread,
 * between blocks of the forward pass and between blocks of projected rows.
 */
@FunctionalInterface
public interface Interlude {

    /** There is no other work. */
    Interlude NONE = () -> {};

    /** May run another pass of the same engine before it returns. Must not throw. */
    void take();
}
