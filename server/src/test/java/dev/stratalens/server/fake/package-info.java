/**
 * Stand-ins for what needs weights: deterministic, and stoppable at chosen points.
 */
@NullMarked
package dev.stratalens.server.fake;

import org.jspecify.annotations.NullMarked;
