package dev.stratalens.engine.lens.pass;

/**
 * One lens, read point and position of one result.
 *
 * @param lens index into the plan's lenses
 * @param readPoint index into the plan's read points
 * @param position index into the plan's positions
 * @param row of the pass's residual rows
 */
record Cell(PlanResult result, int lens, int readPoint, int position, int row) {}
