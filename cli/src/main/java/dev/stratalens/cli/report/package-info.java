/** What a command found, in every form; and the report of a whole result. */
@NullMarked
package dev.stratalens.cli.report;

import org.jspecify.annotations.NullMarked;
