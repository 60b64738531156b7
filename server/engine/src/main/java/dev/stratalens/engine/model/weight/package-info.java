/** Weights: which stored tensor fills which slot, where each lies, and how it comes into memory. */
@NullMarked
package dev.stratalens.engine.model.weight;

import org.jspecify.annotations.NullMarked;
