/** Parts of the generic block, and the places of their weights in a checkpoint. */
@NullMarked
package dev.stratalens.engine.architecture.weight;

import org.jspecify.annotations.NullMarked;
