/** Commands for files of fitted lenses. */
@NullMarked
package dev.stratalens.cli.lenses;

import org.jspecify.annotations.NullMarked;
