/** Fitted lenses: files of every form, read into one affine map for each read point. */
@NullMarked
package dev.stratalens.engine.lens.transport;

import org.jspecify.annotations.NullMarked;
