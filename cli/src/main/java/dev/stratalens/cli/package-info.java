/** The stratalens command. */
@NullMarked
package dev.stratalens.cli;

import org.jspecify.annotations.NullMarked;
