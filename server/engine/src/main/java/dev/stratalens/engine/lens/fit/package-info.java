/** Fits tuned and Jacobian lenses on texts: in steps, from any checkpoint on, to the same bits. */
@NullMarked
package dev.stratalens.engine.lens.fit;

import org.jspecify.annotations.NullMarked;
