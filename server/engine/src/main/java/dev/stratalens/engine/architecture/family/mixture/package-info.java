/** Families whose feed-forwards are mixtures of experts. */
@NullMarked
package dev.stratalens.engine.architecture.family.mixture;

import org.jspecify.annotations.NullMarked;
