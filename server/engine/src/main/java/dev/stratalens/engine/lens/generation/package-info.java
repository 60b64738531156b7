/** Texts that a model writes: their tokens are chosen one by one, and each is read in a pass of its own. */
@NullMarked
package dev.stratalens.engine.lens.generation;

import org.jspecify.annotations.NullMarked;
