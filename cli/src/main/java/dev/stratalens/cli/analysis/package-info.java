/** Analyses of one result: what each found, ready for a page, CSV, JSON or a picture. */
@NullMarked
package dev.stratalens.cli.analysis;

import org.jspecify.annotations.NullMarked;
