/** What can go wrong while a model is read or a lens is computed, in words that a caller may see. */
@NullMarked
package dev.stratalens.engine.error;

import org.jspecify.annotations.NullMarked;
