/** Two results against each other: which layers, positions and tokens go together, and how far apart the distributions are. */
@NullMarked
package dev.stratalens.report.comparison;

import org.jspecify.annotations.NullMarked;
