/** Two runs beside each other: where they come from, where they part, and how that is written. */
@NullMarked
package dev.stratalens.cli.comparison;

import org.jspecify.annotations.NullMarked;
