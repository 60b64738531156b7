/**
 * Decoder families as rows of one table, each a difference from a relative.
 */
@NullMarked
package dev.stratalens.engine.architecture;

import org.jspecify.annotations.NullMarked;
