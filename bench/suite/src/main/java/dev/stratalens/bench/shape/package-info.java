/** Checkpoints of well-known shapes with random weights, for where the real one is not at hand. */
@NullMarked
package dev.stratalens.bench.shape;

import org.jspecify.annotations.NullMarked;
