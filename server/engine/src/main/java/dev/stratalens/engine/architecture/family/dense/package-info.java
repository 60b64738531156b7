/** Families with attention in every block and a feed-forward behind it. */
@NullMarked
package dev.stratalens.engine.architecture.family.dense;

import org.jspecify.annotations.NullMarked;
