package dev.stratalens.engine.lens.pass;

import dev.stratalens.engine.lens.pass.result.PlanResult;
import dev.stratalens.engine.lens.plan.ReadPoint;

/**
 * A cell of a result: a lens, a read point and a position.
 *
 * @param point its read point, of the model itself
 * @param lens index into the plan's lenses
 * @param readPoint index of its read point in the plan
 * @param position index into the plan's positions
 * @param row index in the residual rows of the pass on its device
 */
record Cell(PlanResult result, ReadPoint point, int lens, int readPoint, int position, int row) {}
