/**
 * The lens itself: from a plan to readouts, with no idea of how they travel.
 */
@NullMarked
package dev.stratalens.engine.lens;

import org.jspecify.annotations.NullMarked;
