/** Comparison of two results: pairs of layers, positions and tokens, and distances of their distributions. */
@NullMarked
package dev.stratalens.report.comparison;

import org.jspecify.annotations.NullMarked;
