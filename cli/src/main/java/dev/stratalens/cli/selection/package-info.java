/** What to compute and to show: the options that choose layers, positions, targets and statistics. */
@NullMarked
package dev.stratalens.cli.selection;

import org.jspecify.annotations.NullMarked;
