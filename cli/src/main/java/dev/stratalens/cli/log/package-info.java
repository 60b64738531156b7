/** The log of the program: what is logged, and how a line looks. */
@NullMarked
package dev.stratalens.cli.log;

import org.jspecify.annotations.NullMarked;
