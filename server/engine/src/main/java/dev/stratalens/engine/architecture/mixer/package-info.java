/** Mixers: the parts of blocks that move information between tokens. */
@NullMarked
package dev.stratalens.engine.architecture.mixer;

import org.jspecify.annotations.NullMarked;
