/** The statistics of rows over the whole vocabulary: products, tiles and the loops over them. */
@NullMarked
package dev.stratalens.engine.lens.kernel;

import org.jspecify.annotations.NullMarked;
