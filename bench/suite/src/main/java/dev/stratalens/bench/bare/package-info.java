/** What {@code stratalens bench} measures in its own process: the lens, and the bare work that every lens needs. */
@NullMarked
package dev.stratalens.bench.bare;

import org.jspecify.annotations.NullMarked;
