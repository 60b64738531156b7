package dev.stratalens.engine.lens.result;

/**
 * A point of a pass at which the engine may be used for something else: its work buffer is free. Called on the computing
 * thread, between blocks of the forward pass and between blocks of projected rows.
 */
@FunctionalInterface
public interface Interlude {

    /** There is no other work. */
    Interlude NONE = () -> {};

    /** May run another pass of the same engine before it returns. Must not throw. */
    void take();
}
