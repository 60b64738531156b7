/** The forms of what is written: pages of text and Markdown, tables, heat maps, lines of CSV. */
@NullMarked
package dev.stratalens.cli.form;

import org.jspecify.annotations.NullMarked;
