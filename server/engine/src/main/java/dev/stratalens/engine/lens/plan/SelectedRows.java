package dev.stratalens.engine.lens.plan;

import dev.stratalens.engine.error.InvalidFieldException;
import dev.stratalens.engine.error.InvalidFieldException.Problem;
import dev.stratalens.engine.model.site.Site;

/**
 * The rows that an intervention changes, with every index resolved. Arrays are not copied: read-only.
 *
 * @param blocks ascending; {0} for the embedding
 * @param positions tokens of the prompt, ascending; none if only generated tokens are changed
 * @param heads ascending; {0} for whole rows
 * @param width numbers of a row, or of an attention head
 */
record SelectedRows(Site site, int[] blocks, int[] positions, int[] heads, int width) {

    /** Checks a vector that has the width of these rows. */
    float[] vector(String field, float[] values) {
        if (values.length != width) {
            throw InvalidFieldException.outOfRange(
                    field + ".values",
                    values.length,
                    width,
                    width,
                    site == Site.ATTENTION_HEADS
                            ? "Give as many numbers as an attention head has."
                            : "Give as many numbers as the residual stream has.");
        }
        for (int i = 0; i < values.length; i++) {
            if (!Float.isFinite(values[i])) {
                throw InvalidFieldException.of(
                        "%s.values[%d]".formatted(field, i),
                        Problem.OUT_OF_RANGE,
                        Double.toString(values[i]),
                        "Give finite numbers.");
            }
        }
        return values;
    }
}
