/**
 * The lens itself: from a plan to readouts, with no idea of how they travel.
 */
@NullMarked
package dev.stratalens.server.lens;

import org.jspecify.annotations.NullMarked;
