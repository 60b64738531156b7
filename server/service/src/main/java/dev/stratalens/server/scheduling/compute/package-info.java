/** The threads that compute, whose turn is next on them, and what a turn may take. */
@NullMarked
package dev.stratalens.server.scheduling.compute;

import org.jspecify.annotations.NullMarked;
