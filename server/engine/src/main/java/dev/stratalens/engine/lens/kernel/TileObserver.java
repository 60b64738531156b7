package dev.stratalens.engine.lens.kernel;

/** Sees tiles after their statistics were taken; may change the logits, which nobody reads after. */
@FunctionalInterface
public interface TileObserver {

    /** One tile of the rows of a projection; tiles come from left to right. */
    void tile(LogitTile tile);
}
