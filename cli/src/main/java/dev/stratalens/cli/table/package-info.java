/** Tables of text: a grid of coloured cells that is paged by columns, and a plain list of rows. */
@NullMarked
package dev.stratalens.cli.table;

import org.jspecify.annotations.NullMarked;
