/** Weights: their slots, devices and loading. */
@NullMarked
package dev.stratalens.engine.model.weight;

import org.jspecify.annotations.NullMarked;
