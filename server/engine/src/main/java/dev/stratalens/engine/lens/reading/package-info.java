/** The lenses, which turn residual rows into the rows before the unembedding. */
@NullMarked
package dev.stratalens.engine.lens.reading;

import org.jspecify.annotations.NullMarked;
