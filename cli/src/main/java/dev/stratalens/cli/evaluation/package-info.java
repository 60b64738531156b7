/** {@code eval}: how well lenses read, on a corpus and on questions. */
@NullMarked
package dev.stratalens.cli.evaluation;

import org.jspecify.annotations.NullMarked;
