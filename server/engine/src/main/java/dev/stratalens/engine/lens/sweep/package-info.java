/** Sweeps: one change at each cell of a grid alone, and one number for each cell. */
@NullMarked
package dev.stratalens.engine.lens.sweep;

import org.jspecify.annotations.NullMarked;
