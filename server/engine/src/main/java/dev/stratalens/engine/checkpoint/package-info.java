/** Checkpoints: configuration and tensors by name, checked before anything is mapped. */
@NullMarked
package dev.stratalens.engine.checkpoint;

import org.jspecify.annotations.NullMarked;
