/** Texts to compute: rows of files and of datasets, in any format that is read here. */
@NullMarked
package dev.stratalens.cli.corpus;

import org.jspecify.annotations.NullMarked;
