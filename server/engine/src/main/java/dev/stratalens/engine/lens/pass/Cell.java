package dev.stratalens.engine.lens.pass;

/**
 * A cell of a result: a lens, a read point and a position.
 *
 * @param lens index into the plan's lenses
 * @param readPoint index into the plan's read points
 * @param position index into the plan's positions
 * @param row index in the pass's residual rows
 */
record Cell(PlanResult result, int lens, int readPoint, int position, int row) {}
