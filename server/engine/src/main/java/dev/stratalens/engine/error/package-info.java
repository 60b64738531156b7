/** Failures while reading a model or computing a lens, with messages for callers. */
@NullMarked
package dev.stratalens.engine.error;

import org.jspecify.annotations.NullMarked;
