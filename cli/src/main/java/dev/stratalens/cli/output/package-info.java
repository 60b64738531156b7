/** Where a command writes its report, and how: formats, files, pictures and their colors. */
@NullMarked
package dev.stratalens.cli.output;

import org.jspecify.annotations.NullMarked;
