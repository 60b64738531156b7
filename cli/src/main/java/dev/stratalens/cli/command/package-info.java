/** The commands of {@code stratalens}: options in, exit code out. Thin; what they do stands in the other packages. */
@NullMarked
package dev.stratalens.cli.command;

import org.jspecify.annotations.NullMarked;
