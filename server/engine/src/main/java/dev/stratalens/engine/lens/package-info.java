/** A loaded model with its lenses: plans in, readouts out, independent of any transport. */
@NullMarked
package dev.stratalens.engine.lens;

import org.jspecify.annotations.NullMarked;
