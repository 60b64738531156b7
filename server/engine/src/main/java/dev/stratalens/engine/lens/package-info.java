/** One loaded model and its lenses: plans in, readouts out, with no idea of how they travel. */
@NullMarked
package dev.stratalens.engine.lens;

import org.jspecify.annotations.NullMarked;
