/** The commands of {@code stratalens}, one a class: options in, exit code out. */
@NullMarked
package dev.stratalens.cli.command;

import org.jspecify.annotations.NullMarked;
