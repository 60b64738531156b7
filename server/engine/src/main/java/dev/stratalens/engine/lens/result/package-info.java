/** The output of a pass: readouts, trajectories, progress and the self-check. */
@NullMarked
package dev.stratalens.engine.lens.result;

import org.jspecify.annotations.NullMarked;
