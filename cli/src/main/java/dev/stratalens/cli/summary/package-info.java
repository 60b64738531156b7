/** Tables of results in few numbers: means and quantiles by layer. */
@NullMarked
package dev.stratalens.cli.summary;

import org.jspecify.annotations.NullMarked;
