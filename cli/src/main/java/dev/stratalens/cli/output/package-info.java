/** Where results go: files that are whole or not there, standard output, and the forms in which commands write. */
@NullMarked
package dev.stratalens.cli.output;

import org.jspecify.annotations.NullMarked;
