package dev.stratalens.engine.lens.pass;

/**
 * One layer and position of one run.
 *
 * @param layer index into the plan's layers
 * @param position index into the plan's positions
 * @param row of the pass's residual rows
 */
record Cell(LensRun run, int layer, int position, int row) {}
