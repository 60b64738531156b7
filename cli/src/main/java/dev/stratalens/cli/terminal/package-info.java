/** What the terminal can do, and the little that is drawn on it: colors, widths of characters, the progress line. */
@NullMarked
package dev.stratalens.cli.terminal;

import org.jspecify.annotations.NullMarked;
