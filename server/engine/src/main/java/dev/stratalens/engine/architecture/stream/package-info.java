/** Residual streams: how many vectors a token has between blocks, and how blocks and lenses read them. */
@NullMarked
package dev.stratalens.engine.architecture.stream;

import org.jspecify.annotations.NullMarked;
