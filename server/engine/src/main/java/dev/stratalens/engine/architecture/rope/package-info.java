/** Rotary position embeddings: what a configuration says of them, and the frequencies that follow. */
@NullMarked
package dev.stratalens.engine.architecture.rope;

import org.jspecify.annotations.NullMarked;
