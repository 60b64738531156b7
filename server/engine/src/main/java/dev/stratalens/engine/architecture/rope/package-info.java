/** Rotary position embeddings: their configuration and the resulting frequencies. */
@NullMarked
package dev.stratalens.engine.architecture.rope;

import org.jspecify.annotations.NullMarked;
