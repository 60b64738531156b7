/**
 * The HTML page that shows results: one file with data, script and style. Not API: anything here may change in any
 * release.
 */
@NullMarked
package dev.stratalens.report.page;

import org.jspecify.annotations.NullMarked;
