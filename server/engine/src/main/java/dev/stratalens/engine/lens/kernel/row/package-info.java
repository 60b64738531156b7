/** The pass over the logits of one row, in plain arithmetic and in vectors. */
@NullMarked
package dev.stratalens.engine.lens.kernel.row;

import org.jspecify.annotations.NullMarked;
