/** The lenses: how residual rows become the rows that the unembedding multiplies. */
@NullMarked
package dev.stratalens.engine.lens.reading;

import org.jspecify.annotations.NullMarked;
